/** What the log is not told: it is read by whoever mends machines, and kept by whoever keeps logs. */
import test from "ava";
import { toHex } from "@trapeza/protocol";
import type { CardUid } from "@trapeza/protocol";
import { CASHIER, NUMBER, openWorld, PUPIL, rub, SCHOOL, SECRET, Speaker, TEACHER, TILL, WALL, when } from "./_school.test.js";

const names = SCHOOL.flatMap((one) =>
  one.kind === "SetAccount" || one.kind === "SetStaff" ? one.name.split(" ").filter((word) => word.length > 2) : [],
);
// The other pupils of this small school have numbers of a digit, which any count would show.
const numbers = SCHOOL.flatMap((one) => (one.kind === "SetAccount" && one.number.length > 4 ? [String(one.number)] : []));

test("a morning with all that can go wrong leaves no name, card, account number or key in the log, at any level", (t) => {
  const said: string[] = [];
  const log = {
    info: (fields: object, what: string) => void said.push(JSON.stringify([fields, what])),
    warn: (fields: object, what: string) => void said.push(JSON.stringify([fields, what])),
  };
  const world = openWorld(":memory:", SCHOOL, true, { log });
  const till = new Speaker(world, TILL, "settlement");
  till.greet();
  till.ask({ kind: "Shift", n: 1, when, action: "open", uid: CASHIER, declared: rub(100) });
  // Another thing under the same number, a gap, a card whose key was refused three times, a card that is nobody's.
  till.ask({ kind: "Shift", n: 1, when, action: "close", uid: CASHIER, declared: rub(1) });
  till.ask({ kind: "Shift", n: 9, when, action: "close", uid: CASHIER, declared: rub(1) });
  for (let i = 0; i < 4; i++) {
    const tapped = till.ask({ kind: "Tap", uid: PUPIL, total: null, sun: null });
    const handle = tapped?.kind === "Holder" ? tapped.handle : 0;
    till.ask({ kind: "Ticket", handle, challenge: 0, what: "locked", first: null, second: null });
  }
  till.ask({ kind: "Tap", uid: "0badcafe" as CardUid, total: null, sun: null });
  till.ask({ kind: "FindAccount", number: NUMBER });
  world.gateway.receive(TILL, new Uint8Array(40).fill(7));
  world.gateway.receive(WALL, new Uint8Array(3));
  const wall = new Speaker(world, WALL, "information");
  wall.greet();
  wall.ask({ kind: "ClassList", uid: TEACHER, ahead: 0, meal: 0, class: 0 });
  // The same terminal from before its restart, and one whose flash is older.
  world.gateway.receive(TILL, till.helloFrame({ lastN: 900 }));
  world.gateway.flush();
  t.true(said.length >= 3, said.join("\n"));
  t.true(names.length > 6 && numbers.includes(NUMBER));
  for (const line of said)
    for (const secret of [...names, ...numbers, PUPIL, CASHIER, TEACHER, toHex(SECRET)])
      t.false(line.includes(secret), `${secret} in ${line}`);
  t.log(said.join("\n"));
});
