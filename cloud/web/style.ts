/**
 * How the pages look: PT Sans, a calm ground, one accent, space instead of boxes. Written for 360 pixels first; wider screens get columns, paper gets
 * black on white. Colours pass WCAG 2.2 AA in both schemes.
 */
export const STYLE = `
@font-face { font-family: "PT Sans"; src: url("/assets/pt-sans-400.ttf") format("truetype"); font-weight: 400; font-display: swap; }
@font-face { font-family: "PT Sans"; src: url("/assets/pt-sans-700.ttf") format("truetype"); font-weight: 700; font-display: swap; }
:root {
  --ground: #f7f5f0; --ink: #23262b; --faint: #666a70; --rule: #dcd8cf; --accent: #1d5c63; --on-accent: #ffffff; --warning: #9a3b12; --field: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #16191b; --ink: #e9e6df; --faint: #a3a6a8; --rule: #34393b; --accent: #86c9c6; --on-accent: #10302f; --warning: #f0a67a; --field: #1f2426;
  }
}
* { box-sizing: border-box; }
html { background: var(--ground); color: var(--ink); font: 17px/1.45 "PT Sans", "Noto Sans", sans-serif; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 44rem; padding: 0 1rem 4rem; }
a { color: var(--accent); text-underline-offset: 0.2em; text-decoration-thickness: 1px; }
h1 { font-size: 1.65rem; line-height: 1.2; margin: 1.75rem 0 0.75rem; }
h2 { font-size: 1.3rem; line-height: 1.25; margin: 0; }
p { margin: 0.5rem 0; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.25rem 1.1rem; padding: 0.9rem 0 0.6rem; border-bottom: 1px solid var(--rule); }
.head .product { font-weight: 700; color: var(--ink); text-decoration: none; margin-right: auto; }
.head .who { color: var(--faint); }
.head form { margin: 0; }
button, input { font: inherit; color: inherit; }
button { background: none; border: 1px solid var(--accent); color: var(--accent); border-radius: 0.3rem; padding: 0.45rem 1rem; cursor: pointer; }
button.main { background: var(--accent); color: var(--on-accent); font-weight: 700; padding: 0.7rem 1.6rem; }
button.quiet { border: 0; padding: 0.3rem 0; text-decoration: underline; text-underline-offset: 0.2em; text-decoration-thickness: 1px; }
input { background: var(--field); border: 1px solid var(--faint); border-radius: 0.3rem; padding: 0.5rem 0.6rem; }
input[type="checkbox"] { padding: 0; accent-color: var(--accent); width: 1.1rem; height: 1.1rem; vertical-align: -0.15rem; }
.lead, .place, .empty, .period, .as-of, .use { color: var(--faint); }
.money { font-variant-numeric: tabular-nums; white-space: nowrap; }
.money small { font-size: 0.82em; }

.door { max-width: 22rem; margin-top: 1.5rem; }
.field { margin-bottom: 1.1rem; }
.field label { display: block; font-weight: 700; }
.field input { width: 100%; font-size: 1.15rem; }
.field .say { margin: 0.2rem 0 0; color: var(--faint); font-size: 0.9rem; }
.field.wrong input { border-color: var(--warning); border-width: 2px; }
.field.wrong .say { color: var(--warning); }

.child { padding: 1.5rem 0 1.25rem; }
.child + .child { border-top: 1px solid var(--rule); }
.place { margin: 0.15rem 0 0; }
.plates { margin: 0.2rem 0 0.8rem; font-size: 0.9rem; }
.plates dt { font-weight: 700; }
.plates dd { margin: 0 0 0.35rem; }
.purses { display: grid; grid-template-columns: 1fr; gap: 0.6rem; margin: 1rem 0 0.6rem; }
.purse { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; }
.purse dt { line-height: 1.25; }
.purse .use { display: block; font-size: 0.88rem; }
.purse dd { margin: 0; font-size: 1.75rem; line-height: 1.2; font-weight: 700; text-align: right; }
.purse.owing dd { color: var(--warning); }
.foot { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0.25rem 1.5rem; margin-top: 0.9rem; }
.as-of { font-size: 0.88rem; }
.note { display: flex; gap: 0.6rem; align-items: baseline; margin: 0.5rem 0; }
.note .sign {
  flex: none; width: 1.35em; height: 1.35em; border-radius: 50%; border: 2px solid currentColor; font-weight: 700;
  font-size: 0.8rem; line-height: 1.15em; text-align: center;
}
.note.warning { color: var(--warning); }

.back { margin: 1rem 0 -1rem; }
.when { margin: 1.2rem 0; }
.presets { display: flex; gap: 1.25rem; }
.presets [aria-current] { color: var(--ink); font-weight: 700; text-decoration: none; }
.dates { display: grid; grid-template-columns: 1fr 1fr; gap: 0.5rem; max-width: 26rem; }
.dates label { color: var(--faint); font-size: 0.9rem; min-width: 0; }
.dates input { display: block; width: 100%; min-width: 0; padding: 0.5rem 0.4rem; color: var(--ink); font-size: 1rem; }
.choice { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 0.5rem 1rem; }
.statement { width: 100%; border-collapse: collapse; margin: 0.75rem 0 1.25rem; }
.statement td, .statement th { padding: 0.35rem 0; text-align: left; vertical-align: baseline; font-weight: 400; }
.statement thead { display: none; }
.statement tr { display: grid; grid-template-columns: 1fr auto; column-gap: 1rem; }
.statement .balance { border-top: 1px solid var(--rule); border-bottom: 1px solid var(--rule); padding: 0.2rem 0; }
.statement .balance * { font-weight: 700; }
.statement .row .date { display: none; grid-column: 1 / -1; }
.statement .row.day .date { display: block; color: var(--faint); font-size: 0.9rem; padding: 0.9rem 0 0; }
.statement .digits { display: none; }
.statement .charged, .statement .credited { text-align: right; grid-column: 2; }
.statement .row .name, .statement .line .name { grid-column: 1; }
.statement .line .date, .statement td:empty { display: none; }
.statement .line { color: var(--faint); font-size: 0.92rem; }
.statement .line td { padding: 0 0 0.25rem; }
.statement .line .name { padding-left: 1rem; }
.statement .credited { color: var(--accent); }
.statement .nothing td { grid-column: 1 / -1; color: var(--faint); padding: 1rem 0; }

@media (min-width: 40rem) {
  .purses { grid-template-columns: 1fr 1fr; gap: 2.5rem; }
  .purse { display: block; }
  .purse dd { text-align: left; font-size: 2.1rem; }
  .statement thead { display: table-header-group; }
  .statement thead th { color: var(--faint); font-size: 0.9rem; }
  .statement tr { display: table-row; }
  .statement .row .date, .statement .row.day .date { display: table-cell; font-size: 1rem; padding: 0.35rem 1.25rem 0.35rem 0; white-space: nowrap; }
  .statement .line .date, .statement td:empty { display: table-cell; }
  .statement .digits { display: inline; }
  .statement .row:not(.day) .digits { color: var(--faint); }
  .statement .words { display: none; }
  .statement .charged, .statement .credited, .statement thead th:nth-child(n + 3), .statement .balance td { text-align: right; }
  .statement .charged, .statement .credited { width: 8rem; }
  .statement .row.day td { border-top: 1px solid var(--rule); }
  .statement .balance th, .statement .balance td { border-top: 1px solid var(--rule); border-bottom: 1px solid var(--rule); }
}
@media print {
  :root { --ground: #ffffff; --ink: #000000; --faint: #333333; --rule: #999999; --accent: #000000; --warning: #000000; }
  html { font-size: 11pt; }
  body { max-width: none; padding: 0; }
  .head, .when, .back, .print { display: none; }
  .statement tr { break-inside: avoid; }
  .statement thead { display: table-header-group; }
}
`;
