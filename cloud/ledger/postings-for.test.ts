import test from "ava";
import { BOOKS, TABLE, change, line, postingsOf } from "./_said.test.js";
import type { Loose } from "./_said.test.js";
import { postingsFor, unexplained } from "./postings-for.js";

function posted(body: Loose): string[] {
  return postingsOf(body).map(({ account, amount }) =>
    amount > 0 ? "debit " + account + " " + amount : "credit " + account + " " + -amount,
  );
}

for (const [title, body, postings] of TABLE) {
  test(title, (t) => {
    t.deepEqual(posted(body).sort(), [...postings].sort());
  });
}

test("an event whose own figures do not agree is posted all the same, and says so", (t) => {
  const body = { kind: "BuffetSold", terminal: 4, account: 7, lines: [line(3450, 1)], total: 3450, change: change(0, -3400) };
  t.deepEqual(posted(body), ["debit holder/7/additional 3400", "credit caterer/1/buffet 3450", "debit suspense/audit 50"]);
  t.is(unexplained(postingsFor({ body } as unknown as Parameters<typeof postingsFor>[0], BOOKS)), 50);
  t.is(unexplained([]), 0);
});
