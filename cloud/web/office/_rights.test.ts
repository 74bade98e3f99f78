/**
 * Which role opens which page, pinned word by word against the regulation and the duties it gives; nothing here is computed from the program's own table.
 * Whoever adds a page, or gives it to somebody else, says so here, too. For the tests of rights.
 */
import type { Role } from "../../office/roles.js";

/** Roles, why it is theirs, and the pages; "S" is "/:school". */
const PAGES: readonly (readonly [roles: string, why: string, pages: readonly string[]])[] = [
  ["cards teacher dispatcher cashier caterer accountant operator technician auditor", "where everybody's day begins", ["GET "]],
  [
    "accountant operator technician auditor",
    "the network: technicians mend terminals, accountants send for the cash in them",
    ["GET /network", "GET S/terminals", "GET S/terminals/:terminal"],
  ],
  [
    "cards teacher dispatcher operator auditor",
    "who learns here, and what they are written: a class teacher the own class only; neither till nor kitchen needs a family's telephone",
    ["GET S/people", "GET S/people/:account", "GET S/announcements", "GET S/announcements/:id"],
  ],
  [
    "cards dispatcher operator",
    "families, their phones and letters (O6), leaving and blocking (P5.1, R8)",
    [
      "POST S/people/:account",
      "POST S/people/:account/leave",
      "POST S/people/:account/export",
      "POST S/people/:account/cards/:uid/block",
      "POST S/people/:account/links/:adult/end",
      "POST S/people/:account/links/:adult/restore",
      "POST S/year/leave",
      "POST S/letters/:id",
    ],
  ],
  [
    "operator",
    "making cards is the specialised operator's (R4), as are registering, returning and examining (R4.1, R5, R7), moves between schools, staff, erasure",
    [
      "POST S/people/:account/erase",
      "POST S/employees/:staff/erase",
      "POST S/bundles/:bundle/register",
      "GET S/bundles/:bundle/faces",
      "GET S/cards/:application/faces",
      "POST S/cards/:application/register",
      "POST S/cards/:application/examine",
      "POST S/cards/:application/return",
      "POST S/cards/:application/make",
      "POST S/cards/:application/issue-again",
      "POST S/acts",
      "POST S/handed-in",
      "GET S/batches",
      "POST S/batches",
      "GET S/batches/:batch",
      "GET S/batches/:batch/live",
      "POST S/batches/:batch/turn",
      "GET /desks",
      "POST /desks",
      "POST /desks/:desk/close",
      "GET S/moves",
      "POST S/moves",
      "GET /staff",
      "POST /staff",
      "POST /staff/:login/close",
    ],
  ],
  [
    "cards operator auditor",
    "the school's staff, and papers that both sides sign (R4.1, R4.6, R8.2)",
    [
      "GET S/employees",
      "GET S/employees/:staff",
      "GET S/bundles/:bundle/paper",
      "GET S/acts/:act/paper",
      "GET S/issue/paper",
      "GET S/handed-in/paper",
    ],
  ],
  [
    "cards operator",
    "lists, the new year, applications (R3.1), staff, photographs taken (R3.3)",
    [
      "POST S/employees",
      "POST S/employees/:staff",
      "POST S/employees/:staff/cards/:uid/hand-in",
      "POST S/employees/:staff/leave",
      "POST S/employees/:staff/export",
      "GET S/lists",
      "POST S/lists",
      "GET S/lists/:list",
      "POST S/lists/:list/apply",
      "POST S/lists/:list/undo",
      "POST S/lists/:list/rows/:line",
      "GET S/year",
      "POST S/year",
      "POST S/year/back",
      "GET S/people/:account/card",
      "POST S/people/:account/card",
      "GET S/employees/:staff/card",
      "POST S/employees/:staff/card",
      "POST S/photos",
      "POST S/photos/days",
      "POST S/photos/:holder/:number",
      "POST S/photos/:holder/:number/drop",
    ],
  ],
  ["cards teacher operator auditor", "how far each card is (R4)", ["GET S/cards", "GET S/cards/:application/paper"]],
  [
    "cards",
    "what the school's responsible signs alone: the consolidated application (R3.6), its mending",
    ["POST S/bundles", "POST S/cards/:application/papers", "POST S/cards/:application/mend"],
  ],
  ["operator auditor", "the operator's journal (Appendix 4) and the trail", ["GET /journal", "GET /journal/paper", "GET /trail"]],
  [
    "cards teacher operator",
    "faces: whoever takes or judges them; an auditor needs none",
    ["GET S/photos", "GET S/photos/paper", "GET S/photos/:holder/:number/face"],
  ],
  [
    "cards teacher",
    "cards are handed out by the class teacher against signature, to whoever is in no class by the responsible (R4.7)",
    ["POST S/cards/:application/issue"],
  ],
  ["cards teacher", "the school judges a photograph, never the one who took it (R3.4)", ["POST S/photos/judge"]],
  ["cards dispatcher operator auditor", "letters of families", ["GET S/letters", "GET S/letters/:id"]],
  ["cards teacher dispatcher operator", "writing to families", ["POST S/announcements", "POST S/announcements/:id/withdraw"]],
  [
    "teacher cashier caterer accountant operator auditor",
    "menus and tariffs are no secret of those who feed, pay or teach",
    ["GET S/menu", "GET S/cycle", "GET S/recipes", "GET S/tariffs"],
  ],
  ["caterer operator", "what is cooked, and its prices", ["POST S/menu", "POST S/cycle/publish", "POST S/cycle/:meal", "POST S/recipes"]],
  [
    "accountant operator",
    "money out, periods, registries, tariffs",
    [
      "POST S/tariffs",
      "POST S/names/:kind",
      "POST S/bank",
      "POST S/bank/question/:question",
      "POST S/bank/follow/:file",
      "POST S/bags/:bag",
      "POST S/settlement/:caterer/:first",
      "POST S/settlement/claim",
      "POST S/settlement/party",
      "POST S/claims/:claim/receive",
      "POST S/payouts/:payout/returned",
      "POST S/payouts/:payout/again",
      "POST S/refunds",
      "POST S/refunds/transfer",
      "POST S/refunds/:refund/pay",
      "POST S/periods",
      "POST S/receipts/:transaction",
      "POST /money",
      "POST /money/question/:question",
      "POST /money/follow/:file",
    ],
  ],
  [
    "dispatcher accountant operator auditor",
    "who has paid and what is disputed",
    ["GET S/payments", "GET S/claims", "GET S/claims/payment/:entry"],
  ],
  ["dispatcher operator", "admitting a child to meals on a payment that is on its way (L4)", ["POST S/payments/admit"]],
  [
    "accountant operator auditor",
    "the books",
    [
      "GET S/bank",
      "GET S/settlement",
      "GET S/settlement/:caterer/:first/paper",
      "GET S/claims/:claim/paper",
      "GET S/payouts/:day/:encoding/paper",
      "GET S/codes/:class/paper",
      "GET S/refunds",
      "GET S/periods",
      "GET S/receipts",
      "GET S/periods/:last/paper",
      "GET /money",
      "GET S/reports/transfers",
      "GET S/reports/cash",
      "GET S/reports/collections",
    ],
  ],
  ["dispatcher accountant operator", "deciding claims (P3.3.5)", ["POST S/claims/payment/:entry", "POST S/claims/second/:claim"]],
  ["cards teacher dispatcher cashier caterer accountant operator auditor", "the list of reports", ["GET S/reports"]],
  [
    "cards teacher dispatcher caterer accountant operator auditor",
    "who eats: lists of classes, orders, attendance",
    ["GET S/reports/classes", "GET S/reports/orders", "GET S/reports/attendance", "GET S/reports/check"],
  ],
  [
    "teacher dispatcher caterer",
    "who must not eat what, by name: health, and so for those who hand the plate out",
    ["GET S/reports/diets"],
  ],
  ["teacher dispatcher cashier caterer accountant operator auditor", "how many portions tomorrow", ["GET S/reports/kitchen"]],
  ["teacher dispatcher accountant operator auditor", "who owes: no business of till and kitchen", ["GET S/reports/debtors"]],
  ["caterer accountant operator auditor", "turnover: a caterer the own one", ["GET S/reports/dishes", "GET S/reports/caterers"]],
  ["cashier accountant operator auditor", "shifts: a cashier the own ones", ["GET S/reports/shifts", "GET S/reports/sales"]],
];

const written = PAGES.flatMap(([roles, , pages]) => pages.map((page): [string, readonly string[]] => [page, roles.split(" ")]));
const RIGHTS = new Map(written);
const nameOf = (method: string, path: string) => method + " " + path.replace("/office", "").replace("/:school/", "S/");

/** Whether this page is this role's, by the table above. Throws for a page that does not stand in it. */
export function isRightOf(role: Role, { method, path }: { readonly method: string; readonly path: string }): boolean {
  const roles = RIGHTS.get(nameOf(method, path));
  if (!roles) throw new Error("nobody has said whose page this is: " + nameOf(method, path));
  return roles.includes(role);
}

/** Pages that stand in the table twice, or are no pages any more. */
export function wrongPages(routes: readonly { readonly method: string; readonly path: string }[]): string[] {
  const known = new Set(routes.map(({ method, path }) => nameOf(method, path)));
  const twice = written.filter(([page], at) => written.findIndex(([other]) => other === page) !== at);
  return [...twice.map(([page]) => page), ...[...RIGHTS.keys()].filter((page) => !known.has(page))];
}
