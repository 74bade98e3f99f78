import test from "ava";
import { complaintOf } from "./complaint.js";

test("a failure in the log names no telephone, letter's address, password, or quoted value", (t) => {
  const given = [
    'invalid input syntax for type bigint: "Анна Петрова"',
    "no guardian +7 (900) 123-45-67",
    "mail to anna.petrova@example.org was refused",
    "connect to postgres://trapeza:secret-word@127.0.0.1:5432/postgres",
    "card '04a1b2c3' of 40817810099910004312",
  ];
  for (const message of given) {
    const { why } = complaintOf(new Error(message));
    t.notRegex(why, /Анна|Петрова|900|123-45|anna|secret-word|04a1b2c3|40817/, why);
    t.true(why.includes("…"), why);
  }
});

test("it says what broke and where, with the database's code", (t) => {
  const error = Object.assign(new RangeError("row 12 is too long"), { code: "22001" });
  const { what, code, why, at } = complaintOf(error);
  t.deepEqual([what, code, why], ["RangeError", "22001", "row 12 is too long"]);
  t.regex(at[0], /complaint\.test\.[jt]s:[0-9]+/);
});
