/**
 * `eval` of a simulated board. A program makes the functions of a room anew from the same text each time it opens it (tools/build/room.ts): on the chip that
 * is the point, here it would compile them thousands of times a minute. So a text of nothing but functions is run once a start and gives the same functions
 * again; they hold nothing between two openings, because what a room remembers it keeps outside.
 */
import vm from "node:vm";

const ROOM = /^[\w$]+=function/;
const FUNCTION = /(?:^|;)([\w$]+)=function/g;

/** Compiled rooms of every board: stories that cut the power start the same image thousands of times. There are some ten to an image. */
const compiled = new Map<string, vm.Script>();
const MOST_COMPILED = 200;

function scriptOf(text: string, filename: string): vm.Script {
  const known = compiled.get(text);
  if (known) return known;
  const script = new vm.Script(text, { filename });
  if (ROOM.test(text) && compiled.size < MOST_COMPILED) compiled.set(text, script);
  return script;
}

export function createEval(realm: vm.Context, filename: string): (text: string) => unknown {
  const rooms = new Map<string, (readonly [name: string, made: unknown])[]>();
  return (text) => {
    const known = rooms.get(text);
    if (known) {
      for (const [name, made] of known) realm[name] = made;
      return undefined;
    }
    const value: unknown = scriptOf(text, filename).runInContext(realm);
    if (ROOM.test(text)) {
      const names = [...text.matchAll(FUNCTION)].map((found) => found[1]);
      rooms.set(
        text,
        names.flatMap((name) => (typeof realm[name] === "function" ? [[name, realm[name]] as const] : [])),
      );
    }
    return value;
  };
}
