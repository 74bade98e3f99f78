/**
 * The same program with its rooms built in. On the chip a room is read anew whenever somebody enters it, because there is no memory to keep it; here that
 * costs more than all that is done inside, and a simulated year opens a billion doors. Nothing else changes: a room is still made when it is first entered,
 * in the same order, from the same text. What proves the doors themselves runs the program as it was built.
 */

/** As tools/build/room.ts writes it: the text of the program, who is inside, where a room stands, the way in and the way out. */
const DOOR = new RegExp(
  [
    /^var ([\w$]+)=globalThis\.boot&&globalThis\.boot\.code\|\|globalThis\.require\("Storage"\)\.read\("program"\),[\w$]+=new Uint8Array\(\d+\);/,
    /function [\w$]+\(n\)\{return\+\1\.substr\((\d+)\+5\*n,5\)\}/,
    /function ([\w$]+)\([\w$]+\)\{if\([^]*?\}\}/,
    /function ([\w$]+)\([\w$]+\)\{if\([^]*?\.trim\(\)\]\}/,
  ]
    .map(({ source }) => source)
    .join(""),
);
const PLACE_DIGITS = 5;
/** Names in a room's list: two letters, the second of them a blank where there is only one. */
const NAME_LETTERS = 2;
/** A realm looks these up outside of itself, slowly, each time they are named. */
const BUILT_IN = ["Array", "Date", "JSON", "Math", "Number", "Object", "String", "Uint8Array", "Uint16Array", "isNaN", "parseInt"];

/** `image`: an image with rooms, ASCII. Throws on any other text. */
export function wholeProgram(image: string): string {
  const door = DOOR.exec(image);
  if (!door) throw new Error("this program has no rooms that could be built in");
  const [head, , tableAt, enter, leave] = door;
  const table = image.slice(Number(tableAt)).replace(/\*\/$/, "");
  const places = Array.from({ length: table.length / PLACE_DIGITS }, (_, n) => Number(table.substr(n * PLACE_DIGITS, PLACE_DIGITS)));
  const names: string[] = [];
  const rooms: string[] = [];
  for (let n = 0; n + 2 < places.length; n += 2) {
    rooms.push(`()=>{${image.slice(places[n], places[n + 1])}}`);
    const list = image.slice(places[n + 1], places[n + 2]);
    for (let at = 0; at < list.length; at += NAME_LETTERS) names.push(list.substr(at, NAME_LETTERS).trim());
  }
  const resident = image.slice(head.length, places[0]).replace(/\/\*$/, "");
  const known = BUILT_IN.map((name) => `${name}=globalThis.${name}`).join(",");
  const made = `$made=[${rooms.join(",")}]`;
  const ways = `function ${enter}(n){var m=$made[n];if(m){$made[n]=0;m()}}function ${leave}(){}`;
  return `(function(){var ${[known, ...names, made].join(",")};${ways}${resident}})()`;
}
