/**
 * How the pages look: PT Sans, a calm ground, one accent, space instead of boxes. Written for 360 pixels first; wider screens get columns, paper gets
 * black on white. Colours pass WCAG 2.2 AA in both schemes. What only one room needs stands in that room's style file.
 */
const FACES = [
  ["cyrillic", "U+0301,U+0400-045F,U+0490-0491,U+04B0-04B1,U+2116"],
  ["latin-ext", "U+0100-02BA,U+1E00-1E9F,U+20A0-20AB,U+20AD-20C0"],
  ["latin", "U+0000-00FF,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+FEFF,U+FFFD"],
].flatMap(([part, range]) =>
  [400, 700].map(
    (weight) =>
      `@font-face { font-family: "PT Sans"; src: url("/assets/pt-sans-${part}-${weight}-normal.woff2") format("woff2"); ` +
      `font-weight: ${weight}; font-display: swap; unicode-range: ${range}; }`,
  ),
);

export const STYLE =
  FACES.join("\n") +
  `
:root {
  --ground: #f7f5f0; --raised: #fffdf8; --ink: #23262b; --faint: #62666c; --rule: #dcd8cf; --accent: #1d5c63; --on-accent: #ffffff; --warning: #9a3b12;
  --good: #2c6a2f; --second: #c58b3a; --field: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #16191b; --raised: #1d2225; --ink: #e9e6df; --faint: #a3a6a8; --rule: #34393b; --accent: #86c9c6; --on-accent: #10302f; --warning: #f0a67a;
    --good: #9bcf94; --second: #d9a45a; --field: #1f2426;
  }
}
* { box-sizing: border-box; }
html { background: var(--ground); color: var(--ink); font: 17px/1.45 "PT Sans", "Noto Sans", sans-serif; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 44rem; padding: 0 1rem 4rem; overflow-wrap: break-word; }
body.wide { max-width: 76rem; }
main:focus { outline: none; }
a { color: var(--accent); text-underline-offset: 0.2em; text-decoration-thickness: 1px; }
h1 { font-size: 1.65rem; line-height: 1.2; margin: 1.75rem 0 0.75rem; }
h2 { font-size: 1.3rem; line-height: 1.25; margin: 0; }
h3 { font-size: 1.05rem; line-height: 1.3; margin: 1.4rem 0 0.3rem; }
p { margin: 0.5rem 0; }
section + section, form + section, .facts + section { margin-top: 2.2rem; }
section > h2 + form { margin-top: 0.6rem; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--ground); padding: 0.3rem 0.6rem; z-index: 1; }
.head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.25rem 1.1rem; padding: 0.9rem 0 0.6rem; border-bottom: 1px solid var(--rule); }
.head .product { font-weight: 700; color: var(--ink); text-decoration: none; margin-right: auto; }
.head .who { color: var(--faint); }
.head form { margin: 0; }
.sections { display: flex; flex-wrap: wrap; gap: 0 1.25rem; padding: 0.35rem 0; border-bottom: 1px solid var(--rule); }
.sections a { padding: 0.3rem 0; text-decoration: none; }
.sections a:hover { text-decoration: underline; }
.sections [aria-current] { color: var(--ink); font-weight: 700; }
.sections details { position: relative; }
.sections summary { padding: 0.3rem 0; color: var(--accent); font-weight: 400; cursor: pointer; }
.sections details ul {
  position: absolute; z-index: 1; min-width: 14rem; margin: 0; padding: 0.3rem 0.9rem; list-style: none; background: var(--raised);
  border: 1px solid var(--rule); border-radius: 0.3rem;
}
.sections details li a { display: block; }
button, input, select, textarea { font: inherit; color: inherit; }
button, a.button {
  display: inline-block; background: none; border: 1px solid var(--accent); color: var(--accent); border-radius: 0.3rem; padding: 0.45rem 1rem;
  cursor: pointer; text-decoration: none;
}
button.main, a.button.main { background: var(--accent); color: var(--on-accent); font-weight: 700; padding: 0.7rem 1.6rem; }
button.quiet { border: 0; padding: 0.3rem 0; text-decoration: underline; text-underline-offset: 0.2em; text-decoration-thickness: 1px; }
button.danger { border-color: var(--warning); color: var(--warning); }
input, select, textarea { background: var(--field); border: 1px solid var(--faint); border-radius: 0.3rem; padding: 0.5rem 0.6rem; }
input[type="checkbox"], input[type="radio"] {
  flex: none; padding: 0; accent-color: var(--accent); width: 1.1rem; height: 1.1rem; vertical-align: -0.15rem;
}
.lead, .place, .empty, .period, .as-of, .use, .faint { color: var(--faint); }
.money { font-variant-numeric: tabular-nums; white-space: nowrap; }
.money small { font-size: 0.82em; }

.door { max-width: 24rem; margin-top: 1.5rem; }
.field { margin: 0 0 1.1rem; }
fieldset.field { border: 0; padding: 0; }
.field > label, .field legend { display: block; font-weight: 700; padding: 0; }
.field > input, .field > select, .field > textarea { width: 100%; font-size: 1.15rem; }
.field .with-unit { display: flex; align-items: baseline; gap: 0.5rem; }
.field .with-unit input { width: 9rem; font-size: 1.15rem; text-align: right; font-variant-numeric: tabular-nums; }
.field .say { display: block; margin: 0.2rem 0 0; color: var(--faint); font-size: 0.9rem; }
.field.wrong input, .field.wrong select, .field.wrong textarea { border-color: var(--warning); border-width: 2px; }
.field.wrong .say { color: var(--warning); }
.tick { display: flex; gap: 0.6rem; align-items: baseline; padding: 0.35rem 0; }
.tick input { position: relative; top: 0.15rem; }
.lines { list-style: none; margin: 0.5rem 0 1rem; padding: 0; }
.lines li { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; padding: 0.45rem 0; border-top: 1px solid var(--rule); }
.lines form { margin: 0; flex: none; }
.say { display: block; color: var(--faint); font-size: 0.9rem; }
.deeds { display: grid; gap: 0.5rem; justify-items: start; }
.actions { display: flex; flex-wrap: wrap; gap: 0.6rem 1rem; align-items: center; margin: 1rem 0; }

.table { width: 100%; border-collapse: collapse; margin: 0.75rem 0 1.25rem; }
.table th, .table td { text-align: left; vertical-align: baseline; padding: 0.4rem 1rem 0.4rem 0; border-top: 1px solid var(--rule); font-weight: 400; }
.table thead th { color: var(--faint); font-size: 0.9rem; border-top: 0; }
.table .number { text-align: right; font-variant-numeric: tabular-nums; padding-right: 0; }
.scroll { overflow-x: auto; }
.facts { display: grid; grid-template-columns: auto 1fr; gap: 0.3rem 1.2rem; margin: 0.75rem 0; }
.facts dt { color: var(--faint); }
.facts dd { margin: 0; }
.note { display: flex; gap: 0.6rem; align-items: baseline; margin: 0.5rem 0; }
.note .sign {
  flex: none; width: 1.35em; height: 1.35em; border-radius: 50%; border: 2px solid currentColor; font-weight: 700;
  font-size: 0.8rem; line-height: 1.15em; text-align: center;
}
.note.warning { color: var(--warning); }
.note.good { color: var(--good); }
.key-line { overflow-wrap: anywhere; }
code, pre { font-size: 0.85rem; }
code { overflow-wrap: anywhere; }
.note-text { overflow-x: auto; padding: 0.6rem 0; border-top: 1px solid var(--rule); border-bottom: 1px solid var(--rule); }
.calls dd { margin: 0 0 0.6rem; color: var(--faint); font-size: 0.9rem; }
.roots a { white-space: nowrap; }
@media print {
  :root { --ground: #ffffff; --ink: #000000; --faint: #333333; --rule: #999999; --accent: #000000; --warning: #000000; --good: #000000; }
  html { font-size: 11pt; }
  body { max-width: none; padding: 0; }
  .head, .sections, .skip, form, .actions { display: none; }
}
`;
