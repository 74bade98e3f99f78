/** What only the parents' pages need of style: a child's card, a statement that reads like a shop receipt. */
export const PARENT_STYLE = `
.sent { border-top: 1px solid var(--rule); padding: 0.75rem 0; }
.letter { white-space: pre-line; }
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
.links { display: flex; flex-wrap: wrap; gap: 0.4rem 1.1rem; align-items: baseline; }
.coming { display: block; font-size: 0.9rem; font-weight: 400; color: var(--good); }
.lasts { display: block; font-size: 0.9rem; font-weight: 400; color: var(--faint); }
.spending { margin: 0 0 1.2rem; }
.spending table { width: 100%; border-collapse: collapse; }
.spending th { font-weight: 400; text-align: left; white-space: nowrap; padding: 0.15rem 0.75rem 0.15rem 0; }
.spending .bar { width: 100%; }
.spending svg { display: block; width: 100%; height: 0.8rem; }
.spending td.money { text-align: right; padding-left: 0.75rem; }
.key { display: inline-block; width: 0.8rem; height: 0.8rem; margin-left: 0.4rem; }
.main-key { fill: var(--accent); background: var(--accent); }
.additional-key { fill: var(--second); background: var(--second); }
.as-of { font-size: 0.88rem; }
.tabs { display: flex; flex-wrap: wrap; gap: 0.2rem 1.25rem; margin: 0.9rem 0 1.2rem; }
.tabs [aria-current] { color: var(--ink); font-weight: 700; text-decoration: none; }
.card-line { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; align-items: center; justify-content: space-between; }
.card-line form { margin: 0; }
.ticks { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: 0 1.5rem; }
.payee { border: 0; border-top: 1px solid var(--rule); margin: 0 0 1rem; padding: 0.5rem 0 0; }
.payee legend { font-size: 1.15rem; font-weight: 700; padding: 0.4rem 0; float: left; width: 100%; }
.payee .sum { clear: left; }
.sum .field { margin-bottom: 0.3rem; }
.add { display: flex; gap: 0.5rem; margin: 0 0 1rem; }
.add button { padding: 0.3rem 0.7rem; font-variant-numeric: tabular-nums; }
.price { display: grid; grid-template-columns: 1fr auto; gap: 0.2rem 0; max-width: 24rem; margin: 1rem 0; }
.price dd { margin: 0; text-align: right; }
.price .total { font-weight: 700; font-size: 1.5rem; line-height: 1.3; padding-top: 0.3rem; border-top: 1px solid var(--rule); }
.way + .way { margin-top: 1.6rem; }
.way button { margin-top: 0.4rem; }
.qr { width: 15rem; max-width: 100%; display: block; margin: 0.75rem 0; }
.limits { margin-top: 0.75rem; }
.limits .field { margin-top: 1rem; }
summary { cursor: pointer; padding: 0.4rem 0; font-weight: 700; }
summary .faint { font-weight: 400; }
.meal { border-top: 1px solid var(--rule); padding: 0.5rem 0; }
.meal p { margin: 0.1rem 0; }
.meal-name, .meal-foot { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; }
.meal-foot { align-items: center; margin-top: 0.3rem; }
.meal-foot form { margin: 0; flex: none; }
.recipes summary { font-weight: 400; padding: 0.1rem 0; font-size: 0.9rem; color: var(--faint); }
.recipes ul { margin: 0.2rem 0; padding-left: 1.1rem; }
.ordered { color: var(--good); }
.adult { border-top: 1px solid var(--rule); padding: 0.5rem 0; }
.rights .say { color: var(--warning); }
.adult h2, .adult p { margin: 0.2rem 0; }
.adult form { margin: 0.4rem 0; }
.check { font-size: 0.85rem; color: var(--faint); }
.kinds td { width: 4.5rem; }
.when { margin: 1.2rem 0; }
.presets { display: flex; gap: 1.25rem; }
.presets [aria-current] { color: var(--ink); font-weight: 700; text-decoration: none; }
.dates { display: grid; grid-template-columns: 1fr 1fr; gap: 0.5rem; max-width: 26rem; }
.dates label { color: var(--faint); font-size: 0.9rem; min-width: 0; }
.dates input { display: block; width: 100%; min-width: 0; padding: 0.5rem 0.4rem; color: var(--ink); font-size: 1rem; }
.choice { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 0.5rem 1rem; }
.sums { grid-template-columns: auto 1fr; max-width: 26rem; }
.sums dd { text-align: right; }
.statement { width: 100%; border-collapse: collapse; margin: 0.75rem 0 1.25rem; }
.statement td, .statement th { padding: 0.35rem 0; text-align: left; vertical-align: baseline; font-weight: 400; }
.statement thead { display: none; }
.statement tr { display: grid; grid-template-columns: 1fr auto; column-gap: 1rem; }
.statement .balance { border-top: 1px solid var(--rule); border-bottom: 1px solid var(--rule); padding: 0.2rem 0; }
.statement .balance * { font-weight: 700; }
.statement .row .date { display: none; grid-column: 1 / -1; }
.statement .row.day .date { display: block; color: var(--faint); font-size: 0.9rem; padding: 0.9rem 0 0; }
.statement .memo .name { color: var(--faint); }
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
  .when, .tabs, .print, .check { display: none; }
  .statement tr { break-inside: avoid; }
  .statement thead { display: table-header-group; }
}
`;
