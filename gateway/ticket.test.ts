import test from "ava";
import fc from "fast-check";
import { compareTickets } from "@trapeza/protocol";
import type { CardUid, Ticket } from "@trapeza/protocol";
import type { CardRow } from "./journal/store.js";
import { confirmTicket, judgeTicket, newestOf } from "./ticket.js";

const UID = "11223344" as CardUid;
const at = (terminal: number, atMs: number) => ({ terminal, atMs });

/** Two blocks; what is written goes over the older one, and may be torn. */
interface Chip {
  readonly blocks: [Ticket | null, Ticket | null];
}

const ticketOn = (chip: Chip): Ticket | null => newestOf(...chip.blocks)?.ticket ?? null;

function tap(chip: Chip, row: CardRow | null, place: { terminal: number; atMs: number }, how: "read" | "old" | "new" | "torn" | "told") {
  const newest = newestOf(...chip.blocks);
  if (!newest) return { convicted: false, row };
  const judged = judgeTicket(UID, row, newest.ticket, 1, place);
  if (judged.kind === "stale") return { convicted: true, row };
  const slot = newest.inSecond ? 0 : 1;
  if (how === "new" || how === "told") chip.blocks[slot] = judged.row.issued;
  if (how === "torn") chip.blocks[slot] = null;
  return { convicted: false, row: how === "told" ? confirmTicket(judged.row, judged.row.issued, place) : judged.row };
}

const hows = fc.constantFrom("read" as const, "old" as const, "new" as const, "torn" as const, "told" as const);

test("whatever is torn, lost or late, a card without a copy is never found out, and no ticket is issued twice", (t) => {
  fc.assert(
    fc.property(fc.array(hows, { maxLength: 40 }), (taps) => {
      const chip: Chip = { blocks: [{ epoch: 0, counter: 1 }, null] };
      let row: CardRow | null = null;
      const issued = new Set<string>();
      taps.forEach((how, i) => {
        const after = tap(chip, row, at(1, i), how);
        t.false(after.convicted);
        row = after.row;
        const name = JSON.stringify(row?.issued);
        t.false(issued.has(name));
        issued.add(name);
      });
      const end = tap(chip, row, at(2, 99), "told");
      t.deepEqual(end.row?.seen, ticketOn(chip));
    }),
  );
});

test("a copy is found out, or finds the card out, as soon as the one left behind is shown, wherever it was made", (t) => {
  fc.assert(
    fc.property(fc.array(hows, { maxLength: 8 }), fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), (before, who) => {
      const card: Chip = { blocks: [{ epoch: 0, counter: 1 }, null] };
      let row: CardRow | null = null;
      before.forEach((how, i) => (row = tap(card, row, at(1, i), how).row));
      const copy: Chip = { blocks: [...card.blocks] };
      let last: boolean | null = null;
      let found = false;
      for (const [i, isCopy] of who.entries()) {
        const after = tap(isCopy ? copy : card, row, at(2, 100 + i), "told");
        // Two cards by turns: the second of the two to be shown is the one left behind.
        t.is(after.convicted, last !== null && last !== isCopy);
        if (after.convicted) {
          found = true;
          break;
        }
        row = after.row;
        last = isCopy;
      }
      t.is(found, new Set(who).size === 2);
    }),
  );
});

test("a gateway that takes over believes a card once and goes on above it", (t) => {
  const shown = { epoch: 1, counter: 40 };
  const judged = judgeTicket(UID, null, shown, 2, at(1, 0));
  if (judged.kind !== "good") return t.fail();
  t.deepEqual(judged.row, { uid: UID, kind: "ticket", seen: shown, issued: { epoch: 2, counter: 41 }, terminal: 1, atMs: 0 });
  t.is(judgeTicket(UID, judged.row, { epoch: 1, counter: 39 }, 2, at(1, 1)).kind, "stale");
  t.is(judgeTicket(UID, judged.row, shown, 2, at(1, 1)).kind, "good");
  const ahead = judgeTicket(UID, judged.row, { epoch: 2, counter: 50 }, 2, at(1, 1));
  t.like(ahead, { kind: "good", forgotten: true, row: { issued: { epoch: 2, counter: 51 } } });
});

test("a word that comes after another ticket was issued changes nothing", (t) => {
  const row = { uid: UID, kind: "ticket", seen: { epoch: 1, counter: 5 }, issued: { epoch: 1, counter: 7 }, ...at(1, 0) } as const;
  t.is(confirmTicket(row, { epoch: 1, counter: 6 }, at(1, 1)), null);
  t.is(compareTickets(confirmTicket(row, { epoch: 1, counter: 7 }, at(1, 1))!.seen, row.issued), 0);
});
