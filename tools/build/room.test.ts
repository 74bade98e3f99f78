import vm from "node:vm";
import test from "ava";
import { divide, RESIDENT, roomsOf, type Room } from "./room.js";

/** The program with its rooms, on a board that runs it from flash; `heard` is what it printed. */
function start(code: string, plan: readonly Room[]): { readonly board: vm.Context; readonly heard: string[]; readonly text: string } {
  const divided = divide(code, roomsOf(code, plan), plan);
  if (divided.complaints.length > 0) throw new Error(divided.complaints.join("; "));
  const heard: string[] = [];
  const board = vm.createContext({ print: (text: unknown) => void heard.push(String(text)), boot: { code: divided.code } });
  vm.runInContext(divided.code, board);
  return { board, heard, text: divided.code };
}

const kind = (board: vm.Context, name: string): string => vm.runInContext(`typeof ${name}`, board) as string;

const PROGRAM = `
function shared(a) { return a + 1; }
function inner(a) { return deep(a); }
function deep(a) { return shared(a) * 2; }
function menu(a) { return inner(a) + shared(0); }
function other(a) { return shared(a); }
print(menu(1));
print(other(5));
`;

test("a function that only a room needs is in it, what others need too stays outside", (t) => {
  const rooms = roomsOf(PROGRAM, [{ entries: ["menu"] }, { entries: ["other"] }]);
  t.deepEqual(Object.fromEntries(rooms), { menu: 0, inner: 0, deep: 0, other: 1, shared: RESIDENT });
});

test("who comes again and again is in no room, and neither is what it needs", (t) => {
  const rooms = roomsOf(PROGRAM, [{ entries: ["menu"], stays: true }, { entries: ["other"] }]);
  t.deepEqual(Object.fromEntries(rooms), { menu: RESIDENT, inner: RESIDENT, deep: RESIDENT, other: 1, shared: RESIDENT });
});

test("a room is there while it runs and gone afterwards", (t) => {
  const { board, heard } = start(PROGRAM, [{ entries: ["menu"] }]);
  t.deepEqual(heard, ["5", "6"]);
  t.is(kind(board, "inner"), "undefined");
  t.is(kind(board, "deep"), "undefined");
  t.is(kind(board, "menu"), "function");
  t.is(kind(board, "shared"), "function");
});

test("a room that is entered while it is open closes when the last one leaves", (t) => {
  const { board, heard } = start(
    `function back(n) { return n > 0 ? enter(n - 1) : 0; }
     function enter(n) { return tools() + back(n) + tools(); }
     function tools() { return 1; }
     function hall(run) { return run(2); }
     print(hall(enter));`,
    [{ entries: ["enter"] }],
  );
  t.deepEqual(heard, ["6"]);
  t.is(kind(board, "tools"), "undefined");
});

test("what runs later opens its room again", (t) => {
  const { board, heard } = start(
    `var later = [];
     function ring(a) { print("ring " + a); bell(a); }
     function bell(a) { print("bell " + a); }
     function lobby() { bell(0); later.push(function () { ring(1); }, ring); }
     lobby();`,
    [{ entries: ["lobby", "ring"] }],
  );
  vm.runInContext("later[0](); later[1](2);", board);
  t.deepEqual(heard, ["bell 0", "ring 1", "bell 1", "ring 2", "bell 2"]);
  t.is(kind(board, "bell"), "undefined");
});

test("a function of a room may bear any name, also one that the door might use for itself", (t) => {
  const { board, heard } = start(
    `function n(a) { return s(a) + 1; }
     function s(a) { return i(a) + 1; }
     function i(a) { return a + 1; }
     function enter(a) { return n(a); }
     print(enter(1));
     print(enter(5));`,
    [{ entries: ["enter"] }],
  );
  t.deepEqual(heard, ["4", "8"]);
  for (const name of ["n", "s", "i"]) t.is(kind(board, name), "undefined");
});

test("a local name that is also a function's means the local one", (t) => {
  const { heard } = start(
    `function n(a) { return a + 10; }
     function work(n) { return help(n) + n; }
     function help(a) { return n(a); }
     print(work(1)); print(n(1));`,
    [{ entries: ["work", "n"] }],
  );
  t.deepEqual(heard, ["12", "11"]);
});

test("a function with a this of its own is in no room", (t) => {
  const rooms = roomsOf("function paint() { return this.x; } function draw() { return paint; } draw();", [{ entries: ["draw", "paint"] }]);
  t.is(rooms.get("paint"), RESIDENT);
});

test("a text that would end the comment in which rooms lie is refused", (t) => {
  const code = 'function menu() { return "*/"; } menu();';
  t.is(divide(code, roomsOf(code, [{ entries: ["menu"] }]), [{ entries: ["menu"] }]).complaints.length, 1);
});

test("in a room that forgets, functions may be handed about without leaving it", (t) => {
  const code = `
    function leaf() { return { n: 1 }; }
    function tree() { return { left: leaf, right: function () { return leaf; } }; }
    function read(plan) { return typeof plan === "function" ? read(plan()) : plan.left ? read(plan.left) + read(plan.right) : plan.n; }
    function decode(plan) { return read(plan); }
    print(decode(tree));`;
  const plan = [{ entries: ["decode", "tree"], forgets: true }];
  t.is(roomsOf(code, plan).get("leaf"), 0);
  t.is(roomsOf(code, [{ entries: ["decode", "tree"] }]).get("leaf"), RESIDENT);
  const { board, heard } = start(code, plan);
  t.deepEqual(heard, ["2"]);
  t.is(kind(board, "leaf"), "undefined");
});

test("a table that only rooms look things up in is there while they are open, in each under a name of its own", (t) => {
  const { board, heard, text } = start(
    `var first = 1, WORDS = ["zero", "one"], SHARED = { a: "x" }, last = 2;
     function menu(n) { return WORDS[n] + SHARED.a + other(n); }
     function other(n) { return SHARED.a + first + last + n; }
     print(menu(1)); print(other(5));`,
    [{ entries: ["menu"] }, { entries: ["other"] }],
  );
  t.deepEqual(heard, ["onexx121", "x125"]);
  for (const name of ["WORDS", "SHARED"]) t.is(kind(board, name), "undefined");
  t.is(kind(board, "last"), "number");
  t.is(text.split('"zero"').length, 2);
});

const STAYS: Readonly<Record<string, string>> = {
  "is compared": "function menu(n) { return n === WORDS; } menu(WORDS);",
  "is changed": "function menu(n) { WORDS[n] = 1; } menu(0);",
  grows: "function menu(n) { WORDS.push(n); } menu(0);",
  "is asked for later": "function menu() { return function () { return WORDS[0]; }; } print(menu()());",
  "is used outside": "function menu(n) { return WORDS[n]; } print(menu(0) + WORDS[1]);",
  "holds a function": "function menu(n) { return WORDS[n]; } menu(0);",
};

for (const [what, code] of Object.entries(STAYS))
  test(`a table stays where it is when it ${what}`, (t) => {
    const { board } = start(`var WORDS = ["zero", ${what === "holds a function" ? "function () {}" : '"one"'}]; ${code}`, [
      { entries: ["menu"] },
    ]);
    t.is(kind(board, "WORDS"), "object");
  });
