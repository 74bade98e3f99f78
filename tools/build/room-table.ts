import { declarationsIn } from "./scope.js";
import { isLater } from "./passing.js";
import { isReference, nameOf, walk, type Tree } from "./syntax.js";

/** A table at the top level that only rooms look things up in. */
export interface RoomTable {
  readonly name: string;
  readonly declarator: Tree;
  /** Where each room mentions it. */
  readonly mentions: ReadonlyMap<number, readonly Tree[]>;
}

/** A list or a table of plain values: made anew it is as good as the one before. Texts are none: a room's door takes a property off all that it has made. */
function isTable(node: unknown): node is Tree {
  const { type, elements, properties } = node as Tree;
  if (type === "ArrayExpression") return (elements as (Tree | null)[]).every((one) => one !== null && isPlain(one));
  if (type === "ObjectExpression") return (properties as Tree[]).every((one) => one.kind === "init" && isPlain(one.value as Tree));
  return false;
}

function isPlain(node: Tree): boolean {
  return (
    (node.type === "Literal" && !("regex" in node)) || (node.type === "UnaryExpression" && isPlain(node.argument as Tree)) || isTable(node)
  );
}

const CHANGING = new Set(["fill", "pop", "push", "reverse", "shift", "sort", "splice", "unshift"]);
const COMPARING = new Set(["==", "===", "!=", "!=="]);

/** Whether something here would tell two tables of the same content apart: a comparison, an assignment, a change. */
function tellsApart(node: Tree, path: readonly Tree[]): boolean {
  const [parent, above] = [path[path.length - 1]!, path[path.length - 2]];
  if (parent.type === "BinaryExpression") return COMPARING.has(parent.operator as string);
  if (parent.type === "SwitchStatement" || parent.type === "SwitchCase") return true;
  if (parent.type === "AssignmentExpression") return parent.left === node;
  if (parent.type !== "MemberExpression") return false;
  const isTarget =
    (above?.type === "AssignmentExpression" && above.left === parent) ||
    ["UpdateExpression", "UnaryExpression"].includes(above?.type ?? "");
  return isTarget || CHANGING.has(nameOf(parent.property) ?? "");
}

/** The tables that can be in memory only while the rooms are open that use them. */
export function roomTables(program: Tree, rooms: ReadonlyMap<string, number>, forgets: (room: number) => boolean): RoomTable[] {
  const found = new Map<string, { declarator: Tree; mentions: Map<number, Tree[]> }>();
  for (const statement of program.body as Tree[])
    if (statement.type === "VariableDeclaration")
      for (const one of statement.declarations as Tree[])
        if (one.init !== null && isTable(one.init)) found.set(nameOf(one.id)!, { declarator: one, mentions: new Map() });
  const locals = declarationsIn(program);
  for (const statement of program.body as Tree[]) {
    const room = statement.type === "FunctionDeclaration" ? rooms.get(nameOf(statement.id)!) : undefined;
    walk(statement, (node, path) => {
      const name = isReference(node, path[path.length - 1]) ? (node.name as string) : "";
      const table = found.get(name);
      if (!table || path.some((one) => one !== program && locals.get(one)?.has(name))) return;
      const stays = room === undefined || room < 0 || (isLater(path) && !forgets(room));
      if (stays || tellsApart(node, path)) found.delete(name);
      else table.mentions.set(room, [...(table.mentions.get(room) ?? []), node]);
    });
  }
  return [...found].filter(([, { mentions }]) => mentions.size > 0).map(([name, one]) => ({ name, ...one }));
}
