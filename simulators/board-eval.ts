/**
 * `eval` of a simulated board. A program makes the functions and tables of a room anew from the same text each time it opens it (tools/build/room.ts): on the
 * chip that is the point, here it would compile them thousands of times a minute. So the text of a room is run once a start and gives the same things again;
 * they hold nothing between two openings, because what a room remembers it keeps outside.
 */
import vm from "node:vm";

/** A room's text assigns to one name after the other: functions, arrows, lists, tables. */
const ROOM = /^[\w$]+=(?:function\b|\(|[\w$]+=>|\[|\{)/;

interface Room {
  readonly text: string;
  readonly things: readonly (readonly [name: string, made: unknown])[];
}

interface Compiled {
  readonly script: vm.Script;
  /** What it makes, once it has been seen; empty for what is no room. */
  names: readonly string[];
}

/** Compiled rooms of every board: stories that cut the power start the same image thousands of times. There are some ten to an image. */
const compiled = new Map<string, Compiled>();
const MOST_COMPILED = 200;

function compile(text: string, filename: string): Compiled {
  const known = compiled.get(text);
  if (known) return known;
  const made: Compiled = { script: new vm.Script(text, { filename }), names: [] };
  if (ROOM.test(text) && compiled.size < MOST_COMPILED) compiled.set(text, made);
  return made;
}

export function createEval(realm: vm.Context, filename: string): (text: string) => unknown {
  // By their length, which nearly tells them apart: a text that was just cut out of the program would have to be hashed from end to end.
  const rooms = new Map<number, Room[]>();
  return (text) => {
    const known = rooms.get(text.length)?.find((room) => room.text === text);
    if (known) {
      for (const [name, made] of known.things) if (realm[name] !== made) realm[name] = made;
      return undefined;
    }
    const room = compile(text, filename);
    const isNew = room.names.length === 0 && ROOM.test(text);
    // A room that is closed has none of its names: what has come is what it makes.
    const before = new Set(isNew ? Object.keys(realm) : []);
    const value: unknown = room.script.runInContext(realm);
    if (isNew) room.names = Object.keys(realm).filter((name) => !before.has(name));
    const things = room.names.map((name) => [name, realm[name]] as const);
    if (things.length > 0) rooms.set(text.length, [...(rooms.get(text.length) ?? []), { text, things }]);
    return value;
  };
}
