import { parse } from "acorn";
import MagicString from "magic-string";
import { withArrows } from "./arrow.js";
import { boardNames } from "./board-name.js";
import { isLater, isPassing } from "./passing.js";
import { roomTables } from "./room-table.js";
import { declarationsIn } from "./scope.js";
import { names } from "./short-name.js";
import { isFunction, isReference, nameOf, walk, type Tree } from "./syntax.js";

/** A part of a program that is in memory only while it runs. */
export interface Room {
  /** The functions of the sources through which it is entered; a name that an image does not have is none of its. */
  readonly entries: readonly string[];
  /** Its functions call each other so often that none is moved into another. */
  readonly flat?: boolean;
  /** Nothing that is made in it outlives it: its functions may be handed about among each other. */
  readonly forgets?: boolean;
  /** No room at all: who comes again and again would have it read anew each time. */
  readonly stays?: boolean;
}

/** In no room: there for as long as the program runs. */
export const RESIDENT = -1;

function declarations(program: Tree): Map<string, Tree> {
  const found = new Map<string, Tree>();
  for (const node of program.body as Tree[]) if (node.type === "FunctionDeclaration") found.set(nameOf(node.id)!, node);
  return found;
}

/** A stub can hand over neither. */
function usesThis(node: Tree): boolean {
  let found = false;
  walk(node, (inner) => void (found ||= inner.type === "ThisExpression" || nameOf(inner) === "arguments"));
  return found;
}

function isCall(node: Tree, path: readonly Tree[]): boolean {
  const parent = path[path.length - 1];
  return (parent?.type === "CallExpression" && parent.callee === node) || isPassing(parent);
}

/** For each top-level function those that call it, and those that hand it to somebody or may call it later; "" stands for the top level. */
function usersOf(
  program: Tree,
  functions: ReadonlyMap<string, Tree>,
): { calls: Map<string, Set<string>>; hands: Map<string, Set<string>> } {
  const none = (): Map<string, Set<string>> => new Map([...functions.keys()].map((name) => [name, new Set<string>()]));
  const [calls, hands] = [none(), none()];
  for (const statement of program.body as Tree[]) {
    const own = statement.type === "FunctionDeclaration" ? nameOf(statement.id)! : "";
    walk(statement, (node, path) => {
      if (!isReference(node, path[path.length - 1]) || node.name === own) return;
      (isCall(node, path) && !isLater(path) ? calls : hands).get(node.name as string)?.add(own);
    });
  }
  return { calls, hands };
}

/**
 * The room of each top-level function: an entry is in its own, and any other function in the one room that alone needs it. What two rooms need, or the
 * program outside of them, is resident. Names with "$top" are those that nest.ts has told apart.
 */
export function roomsOf(linked: string, plan: readonly Room[]): Map<string, number> {
  const program = parse(linked, { ecmaVersion: 5, sourceType: "module" }) as unknown as Tree;
  const functions = declarations(program);
  const { calls, hands } = usersOf(program, functions);
  const forgets = (room: number | undefined): boolean => plan[room ?? RESIDENT]?.forgets === true;
  const rooms = new Map<string, number>();
  const fixed = new Set<string>();
  for (const [name, node] of functions) {
    const at = plan.findIndex(({ entries }) => entries.includes(name.replace(/\$top$/, "")));
    if (at < 0 && !usesThis(node)) continue;
    fixed.add(name);
    rooms.set(name, usesThis(node) || plan[at]?.stays ? RESIDENT : at);
  }
  // From "nobody has said" to one room, and from there to resident: each function changes twice at most.
  for (let changed = true; changed;) {
    changed = false;
    for (const [name, from] of calls) {
      if (fixed.has(name)) continue;
      const kept = [...hands.get(name)!].map((user) =>
        forgets(rooms.get(user)) ? rooms.get(user) : user !== "" && !rooms.has(user) ? undefined : RESIDENT,
      );
      const called = [...from].map((user) => (user === "" ? RESIDENT : rooms.get(user)));
      const wanted = new Set([...called, ...kept].filter((room) => room !== undefined));
      const room = wanted.size === 0 ? undefined : wanted.size === 1 ? [...wanted][0]! : RESIDENT;
      if (room === undefined || room === rooms.get(name)) continue;
      rooms.set(name, room);
      changed = true;
    }
  }
  for (const name of functions.keys()) if (!rooms.has(name)) rooms.set(name, RESIDENT);
  return rooms;
}

/** A mention of a function in a room. `direct`: made while the room is surely open. */
interface Mention {
  readonly node: Tree;
  readonly name: string;
  readonly direct: boolean;
}

function mentionsIn(program: Tree, rooms: ReadonlyMap<string, number>, plan: readonly Room[]): Mention[] {
  const mentions: Mention[] = [];
  const declared = declarationsIn(program);
  for (const statement of program.body as Tree[]) {
    const own = statement.type === "FunctionDeclaration" ? rooms.get(nameOf(statement.id)!) : RESIDENT;
    walk(statement, (node, path) => {
      const parent = path[path.length - 1];
      const room = isReference(node, parent) ? rooms.get(node.name as string) : undefined;
      if (room === undefined || room === RESIDENT || path.some((one) => declared.get(one)?.has(node.name as string))) return;
      mentions.push({
        node,
        name: node.name as string,
        direct: own === room && (plan[room]?.forgets === true || (isCall(node, path) && !isLater(path))),
      });
    });
  }
  return mentions;
}

function returnsValue(node: Tree): boolean {
  let found = false;
  walk(node.body as Tree, (inner, path) => {
    if (inner.type === "ReturnStatement" && inner.argument !== null && !path.some(isFunction)) found = true;
  });
  return found;
}

/** What stands for an entry while its room is closed. A room may be entered while it is open: it closes when all have left. */
function stubOf(name: string, real: string, node: Tree, room: number, door: Door): string {
  const params = (node.params as Tree[]).map((one) => nameOf(one)!);
  const call = `${real}(${params.join(",")})`;
  if (!returnsValue(node)) return `function ${name}(${params.join(",")}){${door.enter}(${room});${call};${door.leave}(${room})}`;
  const kept = params[0] ?? "n";
  return `function ${name}(${params.join(",") || "n"}){${door.enter}(${room});${kept}=${call};${door.leave}(${room});return ${kept}}`;
}

interface Door {
  readonly enter: string;
  readonly leave: string;
  readonly text: string;
  readonly open: string;
  readonly place: string;
  /** Its own variables: a function made in it may still see them, so nothing else in the program bears these names. */
  readonly room: string;
  readonly list: string;
  readonly at: string;
}

const DIGITS = 5;

/**
 * Opens and closes rooms. The program's own text is in flash, so a room's functions stay there too. What `eval` makes in a function holds on to that
 * function's scope, under a name that only the interpreter gives: without it they are as if made at the top.
 */
function doorText({ enter, leave, text, open, place, room, list, at }: Door, rooms: number, width: number, tableAt: number): string {
  const each = (what: string): string =>
    `for(var ${list}=${text}.slice(${place}(2*${room}+1),${place}(2*${room}+2)),${at}=0;${at}<${list}.length;${at}+=${width})` +
    `delete globalThis[${list}.substr(${at},${width}).trim()]${what}`;
  return (
    `var ${text}=globalThis.boot&&globalThis.boot.code||globalThis.require("Storage").read("program"),${open}=new Uint8Array(${rooms});` +
    `function ${place}(n){return+${text}.substr(${tableAt}+${DIGITS}*n,${DIGITS})}` +
    `function ${enter}(${room}){if(!${open}[${room}]++){` +
    `globalThis.eval(${text}.slice(${place}(2*${room}),${place}(2*${room}+1)));${each('["\\xffsco"]')}}}` +
    `function ${leave}(${room}){if(!--${open}[${room}])${each("")}}`
  );
}

/** The rooms' texts in a comment behind the program, with a table of where they begin. */
function withRooms(resident: string, rooms: readonly { readonly code: string; readonly names: readonly string[] }[], door: Door): string {
  const width = Math.max(...rooms.flatMap(({ names: own }) => own.map((name) => name.length)));
  const inner = rooms.flatMap(({ code, names: own }) => [code, own.map((name) => name.padEnd(width)).join("")]);
  const length = inner.reduce((sum, one) => sum + one.length, 0);
  const headed = (tableAt: number): string => `${doorText(door, rooms.length, width, tableAt)}${resident}/*`;
  // The table's place stands in the text before it: as long as its digits change nothing, once is enough.
  let head = headed(0);
  for (let again = 0; again < 3; again++) head = headed(head.length + length);
  const places: number[] = [head.length];
  for (const one of inner) places.push(places[places.length - 1]! + one.length);
  return `${head}${inner.join("")}${places.map((one) => String(one).padStart(DIGITS, "0")).join("")}*/`;
}

interface Part {
  readonly room: number;
  code: string;
  readonly names: string[];
}

interface Division {
  readonly code: string;
  readonly edited: MagicString;
  readonly parts: readonly Part[];
  readonly take: () => string;
}

/** Takes tables that only rooms use out of the program and writes each into those rooms, under a name of its own in each. */
function moveTables(program: Tree, rooms: ReadonlyMap<string, number>, plan: readonly Room[], division: Division): void {
  const { code, edited, parts, take } = division;
  const moved = new Set<Tree>();
  for (const { name, declarator, mentions } of roomTables(program, rooms, (room) => plan[room]?.forgets === true)) {
    moved.add(declarator);
    const init = declarator.init as Tree;
    for (const [i, [room, nodes]] of [...mentions].entries()) {
      const own = i === 0 ? name : take();
      if (own !== name) for (const node of nodes) edited.update(node.start, node.end, own);
      const part = parts.find((one) => one.room === room)!;
      part.code += `${part.code === "" ? "" : ";"}${own}=${code.slice(init.start, init.end)}`;
      part.names.push(own);
    }
  }
  for (const statement of program.body as Tree[]) {
    if (statement.type !== "VariableDeclaration") continue;
    const kept = (statement.declarations as Tree[]).filter((one) => !moved.has(one));
    if (kept.length === (statement.declarations as Tree[]).length) continue;
    if (kept.length === 0) edited.remove(statement.start, statement.end);
    else
      edited.overwrite(
        statement.start,
        statement.end,
        `${statement.kind as string} ${kept.map((one) => code.slice(one.start, one.end)).join(",")};`,
      );
  }
}

/**
 * Parts a program into what is resident and its rooms. Outside of its room a function is called by a stub of the same name; so is one that is kept, or
 * mentioned in a function that may run later.
 */
export function divide(
  code: string,
  rooms: ReadonlyMap<string, number>,
  plan: readonly Room[],
): { readonly code: string; readonly complaints: string[] } {
  const program = parse(code, { ecmaVersion: 5, sourceType: "script" }) as unknown as Tree;
  const functions = declarations(program);
  const numbers = [...new Set([...functions.keys()].map((name) => rooms.get(name) ?? RESIDENT))]
    .filter((room) => room !== RESIDENT)
    .sort((a, b) => a - b);
  if (numbers.length === 0) return { code, complaints: [] };
  const mentioned = new Set<string>();
  walk(program, (node) => void mentioned.add(nameOf(node) ?? ""));
  const free = names((name) => mentioned.has(name) || boardNames.has(name));
  const take = (): string => free.next().value as string;
  const [enter, leave, text, open, place, room, list, at] = Array.from({ length: 8 }, take) as [string, ...string[]] as string[];
  const door = { enter, leave, text, open, place, room, list, at } as Door;
  const mentions = mentionsIn(program, rooms, plan);
  const real = new Map<string, string>();
  for (const { name, direct } of mentions) if (!direct && !real.has(name)) real.set(name, take());
  const edited = new MagicString(code);
  for (const { node, name, direct } of mentions) if (direct && real.has(name)) edited.update(node.start, node.end, real.get(name)!);
  const parts = numbers.map((room) => ({ room, code: "", names: [] as string[] }));
  moveTables(program, rooms, plan, { code, edited, parts, take });
  let stubs = "";
  for (const [name, node] of functions) {
    const part = parts.find(({ room }) => room === rooms.get(name));
    if (!part) continue;
    const own = real.get(name) ?? name;
    const text = edited.slice((node.id as Tree).end, node.end);
    part.code += `${part.code === "" ? "" : ";"}${own}=function${text}`;
    part.names.push(own);
    if (real.has(name)) stubs += stubOf(name, own, node, parts.indexOf(part), door);
    edited.remove(node.start, node.end);
  }
  const complaints = parts.filter((part) => part.code.includes("*/")).map(() => 'a room has "*/" in its text, which would end it');
  const written = parts.map((part) => ({ names: part.names, code: withArrows(part.code) }));
  return { code: withRooms(stubs + withArrows(edited.toString()), written, door), complaints };
}
