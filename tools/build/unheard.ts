/**
 * Messages that a kind of terminal never says and never hears. Their schemas take room in its image and nothing else, so the build leaves them out: what
 * such a terminal hears all the same is malformed there and dropped, as it would be in any case. A new message stays in every image until it is named here.
 */
import ts from "typescript";

const AT_TILLS = [
  ...[
    "ShiftReport",
    "Browse",
    "Identify",
    "PhotoRequest",
    "FindReceipt",
    "Sale",
    "CashSale",
    "Void",
    "Shift",
    "Activate",
    "Fee",
    "AccessCode",
  ],
  ...["Sold", "CashSold", "Voided", "ShiftDone", "Classes", "Pupils", "Photo", "SoldBefore", "Activated", "FeeTaken"],
  ...["MenuRequest", "Menu"],
];
const AT_WALLS = ["ClassList", "Today", "MealConfirm", "MealUndo", "PreOrder", "Class", "Served", "Undone", "Ordered"];
const AT_KIOSKS = ["FindAccount", "NoteStacked", "NoteUnresolved", "Collection", "Payee", "Credited", "Collected"];

/** By the image's entry. A till and a wall show the menu; only a till sells from it. */
const UNHEARD: Readonly<Record<string, readonly string[]>> = {
  "firmware/main-payment.ts": [...AT_TILLS, ...AT_WALLS],
  "firmware/main-settlement.ts": [...AT_WALLS, ...AT_KIOSKS],
  "firmware/main-information.ts": [...AT_TILLS.filter((name) => !name.startsWith("Menu")), ...AT_KIOSKS],
};

const TABLES = ["protocol/wire/up.ts", "protocol/wire/down.ts"];

/** The source `path` as the image of `entry` needs it; both relative to the root. */
export function withoutUnheard(code: string, path: string, entry: string): string {
  const names = UNHEARD[entry];
  if (!names || !TABLES.includes(path)) return code;
  const source = ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true);
  const gone: ts.TextRange[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && ts.isArrayLiteralExpression(node.initializer) && names.includes(node.name.getText(source))) {
      gone.push({ pos: node.getFullStart(), end: node.end + (code[node.end] === "," ? 1 : 0) });
    } else ts.forEachChild(node, visit);
  };
  visit(source);
  return gone.reduceRight((text, { pos, end }) => text.slice(0, pos) + text.slice(end), code);
}
