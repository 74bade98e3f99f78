/** The office beside the parents' pages: the same colours and type, denser, for people who sit here all day. */
export const OFFICE_STYLE = `
.office { font-size: 15px; line-height: 1.35; }
.office h1 { font-size: 1.6rem; margin: 1rem 0 0.6rem; }
.office h2 { font-size: 1.2rem; margin: 1.4rem 0 0.4rem; }
.office button, .office a.button { padding: 0.3rem 0.8rem; }
.office button.main { padding: 0.4rem 1.2rem; }
.office button.quiet { padding: 0.1rem 0; }
.office input, .office select, .office textarea { padding: 0.3rem 0.45rem; }
.office .field { margin-bottom: 0.7rem; }
.office .field input, .office .field select, .office .field textarea { font-size: 1rem; max-width: 26rem; }
.scroll { overflow-x: auto; }
.data { border-collapse: collapse; width: 100%; margin: 0.3rem 0 1rem; }
.data caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.data th { text-align: left; font-weight: 400; color: var(--faint); white-space: nowrap; }
.data th, .data td { padding: 0.22rem 0.9rem 0.22rem 0; vertical-align: baseline; border-bottom: 1px solid var(--rule); }
.data tbody tr:hover td { background: var(--raised); }
.data .figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.data tfoot td { font-weight: 700; border-bottom: 0; }
.data form { display: inline; margin-right: 0.8rem; }
.data form button.quiet { margin-right: 0.8rem; }
.search, .tools { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: baseline; margin: 0.4rem 0 0.8rem; }
.fields { align-items: flex-end; }
.fields .field { margin-bottom: 0; }
.search input[type="search"] { min-width: 16rem; }
.asked { display: flex; flex-wrap: wrap; gap: 0.4rem 1rem; align-items: baseline; margin: 0.2rem 0 0.8rem; }
.asked label { color: var(--faint); }
.plain dt { font-weight: 700; }
.plain dd { margin: 0 0 0.7rem; color: var(--faint); }
.cycle { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: 0 1rem; }
.thirds { display: grid; grid-template-columns: repeat(auto-fill, minmax(18rem, 1fr)); gap: 0 2.5rem; }
.thirds section + section { margin-top: 0; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1rem; max-width: 42rem; }
.sides { display: grid; gap: 0 3rem; grid-template-columns: minmax(0, 1fr); }
.sides form + form { margin-top: 0.75rem; }
.tag { border: 1px solid var(--rule); border-radius: 0.25rem; padding: 0 0.35rem; white-space: nowrap; color: var(--faint); }
.tag.late { color: var(--warning); border-color: currentColor; }
.change { font-size: 0.9rem; color: var(--faint); overflow-wrap: anywhere; }
.faces { list-style: none; margin: 0.6rem 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: 1rem; }
.faces li { display: flex; flex-direction: column; align-items: flex-start; gap: 0.15rem; }
.faces img, .photo img { background: var(--raised); border: 1px solid var(--rule); }
.faces .no-face { width: 105px; height: 135px; border: 1px dashed var(--rule); }
.faces input { width: 100%; }
.qr { width: 12rem; background: #ffffff; padding: 0.4rem; }
.qr svg { display: block; width: 100%; height: auto; }
.secret { font-size: 1.1rem; letter-spacing: 0.08em; overflow-wrap: anywhere; }
@media (min-width: 60rem) { .sides { grid-template-columns: minmax(0, 1fr) 20rem; } }
@media print { .sections, .tools, .search, .office form { display: none; } .office { font-size: 10pt; } }
`;
