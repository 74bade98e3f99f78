import { parse } from "acorn";
import MagicString from "magic-string";
import { isCases } from "./cases.js";
import { names } from "./short-name.js";
import { nameOf, walk, type Tree } from "./syntax.js";

/**
 * Kinds of inputs, effects and states that a program only compares: none of them comes from a file or the board, goes there, or is shown to anybody. Beside
 * them all kinds of messages, which begin with a capital.
 */
const INSIDE = new Set(
  (
    "accept activation answer asking attention banned beep calibrate cancel carried carrying cassette class closed collecting common " +
    "confirm connack fitting giveBack group interrupted language looked looking malformed no_cash offered order outcome override photo " +
    "pingreq pingresp power_up_bill_in_acceptor power_up_bill_in_stacker power_up_bill_in_validator print printed printing publish pupil " +
    "receipt reissue releasing returned returning selling serving settling shift stacking stored stranger suback submit subscribe " +
    "supervisor suspect timer touched tuning undoQuestion voiding waking witness"
  ).split(" "),
);

/**
 * Gives such texts short names, in the tables of cases and wherever a program mentions them: on the wire they are numbers anyway. The names begin with a
 * figure and end in a letter, so no other text of a program is one of them.
 */
export function shortKinds(code: string): string {
  const program = parse(code, { ecmaVersion: 5, sourceType: "module" }) as unknown as Tree;
  const kinds = new Map<string, number>();
  walk(program, (node) => {
    if (isCases(node)) for (const { key } of node.properties as Tree[]) if (/^[A-Z]/.test(nameOf(key) ?? "")) kinds.set(nameOf(key)!, 0);
    if (node.type === "Literal" && INSIDE.has(String(node.value))) kinds.set(String(node.value), 0);
  });
  walk(program, (node) => {
    if (node.type === "Literal" && kinds.has(String(node.value))) kinds.set(String(node.value), kinds.get(String(node.value))! + 1);
  });
  const letters = names(() => false);
  const byUse = [...kinds].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const short = new Map(byUse.map(([kind]) => [kind, `"1${letters.next().value}"`]));
  const edited = new MagicString(code);
  walk(program, (node) => {
    const text = node.type === "Literal" && typeof node.value === "string" ? node.value : null;
    if (text !== null && short.has(text)) edited.update(node.start, node.end, short.get(text)!);
    if (!isCases(node)) return;
    for (const { key } of node.properties as Tree[])
      if ((key as Tree).type === "Identifier" && short.has(nameOf(key)!))
        edited.update((key as Tree).start, (key as Tree).end, short.get(nameOf(key)!)!);
  });
  return edited.toString();
}
