import test from "ava";
import fc from "fast-check";
import { isDeepStrictEqual } from "node:util";
import type { EventBody } from "../journal/event.js";
import { kopecks } from "../wire/units.js";
import { audit } from "./audit.js";
import { apply } from "./apply.js";
import { decodeSchool, encodeSchool } from "./encode.js";
import { command } from "./rehearsal/_chance.test.js";
import type { Command } from "./rehearsal/_chance.test.js";
import { createRehearsal, replay } from "./rehearsal/school.js";
import type { Rehearsal } from "./rehearsal/school.js";
import { createSchool } from "./school.js";

// The seed is fast-check's own and is printed with a failure; a run of `fc.assert` with it finds the same sequence again.
const RUNS = { numRuns: 150 };
const commands = fc.array(command, { minLength: 5, maxLength: 60 });

function played(run: readonly Command[]): Rehearsal {
  const rehearsal = createRehearsal();
  for (const one of run) one.turn(rehearsal);
  return rehearsal;
}

/** What an event says came into the purses or left them, in kopecks, by its own sums and not by its balances. */
function moneyMoved(body: EventBody): number {
  switch (body.kind) {
    case "TopUpCredited":
      return body.note;
    case "BuffetSold":
      return -body.total;
    case "SaleVoided":
      return body.amount - body.cash - body.payable;
    case "MealServed":
      return -(body.parts.main + body.parts.additional + body.parts.debt);
    case "MealUndone":
      return body.parts.main + body.parts.additional + body.parts.debt - body.payable;
    case "AccountMovedOut":
      return -(body.luggage.main + body.luggage.additional);
    case "AccountMovedIn":
      return body.luggage.main + body.luggage.additional;
    case "DirectiveApplied":
      return body.outcome === "applied" ? directed(body) : 0;
    default:
      return 0;
  }
}

function directed({ directive, outside, changes }: Extract<EventBody, { kind: "DirectiveApplied" }>): number {
  switch (directive.kind) {
    case "TopUp":
    case "OpeningBalance":
      return directive.main + directive.additional;
    case "ForcedDebit":
      return -directive.amount;
    case "Claim":
      return -outside;
    case "Fee":
      return directive.purse === null ? 0 : -directive.amount;
    case "FinishClosing":
      return changes.length > 0 ? -(outside + directive.costs) : 0;
    default:
      return 0;
  }
}

function changesOf(body: EventBody) {
  if (body.kind === "DirectiveApplied") return body.changes;
  return "change" in body && body.change !== null ? [body.change] : [];
}

test("no sequence of operations breaks a law, and the auditor agrees with every event", (t) => {
  fc.assert(
    fc.property(commands, (run) => {
      t.deepEqual(played(run).complaints, []);
    }),
    RUNS,
  );
});

test("no kopeck is lost or invented: every event moves exactly what it names, every balance is the sum of its changes, and their numbers have no gap", (t) => {
  fc.assert(
    fc.property(commands, (run) => {
      const { events, school } = played(run);
      const sums = new Map<number, { main: number; additional: number; seq: number }>();
      for (const { body } of events) {
        const changes = changesOf(body);
        t.is(
          changes.reduce((sum, change) => sum + change.mainDelta + change.additionalDelta, 0),
          moneyMoved(body) + 0,
          body.kind,
        );
        for (const change of changes) {
          const before = sums.get(change.account) ?? { main: 0, additional: 0, seq: 0 };
          t.is(change.accountSeq, before.seq + 1);
          const after = {
            main: before.main + change.mainDelta,
            additional: before.additional + change.additionalDelta,
            seq: change.accountSeq,
          };
          t.deepEqual(
            { main: after.main, additional: after.additional },
            { main: change.main as number, additional: change.additional as number },
          );
          sums.set(change.account, after);
        }
      }
      for (const account of school.accounts.values()) {
        const { main, additional, seq } = sums.get(account.id) ?? { main: 0, additional: 0, seq: 0 };
        t.deepEqual([account.main as number, account.additional as number, account.seq], [main, additional, seq]);
      }
    }),
    RUNS,
  );
});

test("the parts of a meal add up to its price, and a receipt never gives back more than it took", (t) => {
  fc.assert(
    fc.property(commands, (run) => {
      const left = new Map<number, number>();
      for (const { body } of played(run).events) {
        if (body.kind === "MealServed")
          t.is(
            Object.values(body.parts).reduce<number>((sum, part) => sum + part, 0),
            9852,
          );
        if (body.kind === "BuffetSold" || body.kind === "CashSold") {
          t.false(left.has(body.receipt), "a receipt number is used once");
          left.set(body.receipt, body.total);
        }
        if (body.kind === "SaleVoided") {
          left.set(body.receipt, (left.get(body.receipt) ?? 0) - body.amount);
          t.true((left.get(body.receipt) ?? -1) >= 0);
        }
      }
    }),
    RUNS,
  );
});

test("what a caterer is owed is what his meals left as debt, less what was repaid to him or struck out", (t) => {
  fc.assert(
    fc.property(commands, (run) => {
      const { events, school } = played(run);
      const owed = new Map<number, number>();
      const add = (caterer: number | null, amount: number) => caterer !== null && owed.set(caterer, (owed.get(caterer) ?? 0) + amount);
      for (const { body } of events) {
        if (body.kind === "MealServed") add(body.caterer, body.parts.debt);
        if (body.kind === "MealUndone") add(body.caterer, -body.unfunded);
        if (body.kind === "AccountMovedOut") body.luggage.debts.forEach((debt) => add(debt.caterer, -debt.amount));
        if (body.kind === "AccountMovedIn") body.luggage.debts.forEach((debt) => add(debt.caterer, debt.amount));
        for (const change of changesOf(body)) for (const debt of change.repaid) add(debt.caterer, -debt.amount);
      }
      for (const account of school.accounts.values()) for (const debt of account.owed) add(debt.caterer, -debt.amount);
      for (const [caterer, amount] of owed) t.is(amount, 0, "caterer " + caterer);
    }),
    RUNS,
  );
});

test("the journal alone gives the same school, byte for byte, and so does a snapshot of it", (t) => {
  fc.assert(
    fc.property(commands, (run) => {
      const { journal, school } = played(run);
      const bytes = encodeSchool(school);
      t.deepEqual(encodeSchool(replay(journal)), bytes);
      const restored = decodeSchool(bytes);
      t.true(restored.ok);
      if (restored.ok) t.true(isDeepStrictEqual(restored.value, school), "nothing is left out of a snapshot");
    }),
    RUNS,
  );
});

test("a school restored from a snapshot goes on exactly as the one that never stopped", (t) => {
  fc.assert(
    fc.property(commands, fc.nat(), (run, cut) => {
      const { events, school } = played(run);
      const half = createSchool();
      const middle = cut % events.length;
      for (const event of events.slice(0, middle)) apply(half, event);
      const restored = decodeSchool(encodeSchool(half));
      t.true(restored.ok);
      if (!restored.ok) return;
      for (const event of events.slice(middle)) apply(restored.value, event);
      t.deepEqual(encodeSchool(restored.value), encodeSchool(school));
    }),
    RUNS,
  );
});

const FIGURES: readonly string[] = ["total", "receipt", "unfunded", "payable", "cash", "outside", "expected", "salesTotal", "cashExpected"];

/** The event with one of its figures a kopeck higher, and the name of that figure; `null` when it has none. */
function tampered(body: EventBody, pick: number): { name: string; body: EventBody } | null {
  const places: { name: string; change: (copy: { [field: string]: unknown }) => void }[] = [];
  const bump = (holder: { [field: string]: unknown }, field: string) => (holder[field] = kopecks((holder[field] as number) + 1));
  const inside = (outer: string, at: number | null, figures: object) => {
    for (const [field, value] of Object.entries(figures)) {
      if (typeof value !== "number") continue;
      places.push({
        name: outer + "." + field,
        change: (copy) => bump((at === null ? copy[outer] : (copy[outer] as unknown[])[at]) as never, field),
      });
    }
  };
  for (const [field, value] of Object.entries(body)) {
    // Which of two equal receipts is voided is a wish as well.
    if (body.kind === "SaleVoided" && field === "receipt") continue;
    if (FIGURES.includes(field) || (field === "amount" && body.kind === "SaleVoided"))
      places.push({ name: field, change: (copy) => bump(copy, field) });
    if ((field === "change" || field === "parts") && value) inside(field, null, value);
    if (field === "changes") (value as object[]).forEach((change, at) => inside(field, at, change));
  }
  // What was asked in vain is a wish, not a figure: another wish would have been refused for the same reason.
  if (places.length === 0 || body.kind === "SaleRefused") return null;
  const place = places[pick % places.length];
  const copy = structuredClone(body) as { [field: string]: unknown };
  place.change(copy);
  return { name: body.kind + "." + place.name, body: copy as EventBody };
}

test("the auditor finds every figure that was tampered with", (t) => {
  fc.assert(
    fc.property(commands, fc.infiniteStream(fc.nat(1000)), (run, picks) => {
      const school = createSchool();
      for (const event of played(run).events) {
        const forged = tampered(event.body, picks.next().value ?? 0);
        if (forged) t.not(audit(school, { ...event, body: forged.body }).length, 0, forged.name);
        apply(school, event);
      }
    }),
    RUNS,
  );
});

test("the auditor finds an event that is missing, doubled or dated otherwise", (t) => {
  const { events } = createRehearsal();
  const school = createSchool();
  events.slice(0, 10).forEach((event) => apply(school, event));
  t.deepEqual(audit(school, events[10]), []);
  t.deepEqual(audit(school, events[11]).slice(0, 1), ["event 11 stands where event 10 belongs"]);
  t.not(audit(school, events[9]).length, 0);
  t.not(audit(school, { ...events[10], date: kopecks(1) as never }).length, 0);
});
