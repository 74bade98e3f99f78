/**
 * What an event of one school has to say to another: a balance that moves with its child (rule 12), and a note fed into a kiosk elsewhere. Both are written in
 * the transaction of the event itself, under a name made of the event's place, so that they are told once however often it is sent, and wait there for as long
 * as the other school's gateway is away.
 */
import type { Directive, Event, EventOf } from "@trapeza/protocol";
import { accountsOf } from "./ledger/concerned.js";
import type { SchoolBook } from "./school-book.js";
import type { OutgoingDirective } from "./outgoing.js";
import type { MoveRow, Store } from "./store/store.js";

type Home = { readonly school: number; readonly account: number } | null;

const place = ({ id, epoch }: SchoolBook, index: number) => id + "/" + epoch + "/" + index;

/** A note for another school's account. Its money stands on that school's clearing from now on; whose home nobody knows stays in suspense, for a person. */
export function foreignNote(book: SchoolBook, index: number, { note, purse }: EventOf<"ForeignTopUp">, home: Home): OutgoingDirective[] {
  if (home === null) return [];
  const [main, additional] = purse === "main" ? [note, 0] : [0, note];
  const reference = "foreign/" + place(book, index);
  const directive = { kind: "TopUp", account: home.account, main, additional, source: "foreign", reference } as Directive;
  return [{ school: home.school, reference, directive }];
}

/** Where an account has ended up after all its moves; `null` when it was never moved. */
async function homeAfterMoves(store: Store, school: number, account: number): Promise<MoveRow | null> {
  let move = await store.lastMove(school, account);
  for (;;) {
    const next = move && (await store.lastMove(move.toSchool, move.toAccount));
    // A school to which the child has come back has an earlier move of it, which is over.
    if (!move || !next || next.epoch <= move.epoch) return move;
    move = next;
  }
}

export interface Carried {
  readonly directives: readonly OutgoingDirective[];
  readonly findings: readonly { readonly index: number; readonly what: string }[];
}

/** Of events that the book has folded: luggage for the new home, and a second packing of what came late to an account that has gone. */
export async function carriedBy(store: Store, book: SchoolBook, events: readonly Event[], from: number): Promise<Carried> {
  const directives: OutgoingDirective[] = [];
  const findings: { index: number; what: string }[] = [];
  for (const [i, { body }] of events.entries()) {
    const index = from + i;
    if (body.kind === "AccountMovedOut") {
      const { account, toSchool, epoch, luggage } = body;
      const home = await homeAfterMoves(store, book.id, account);
      if (home?.toSchool === toSchool)
        directives.push({
          ...{ school: toSchool, reference: "move/" + place(book, index) },
          directive: { kind: "MoveIn", account: home.toAccount, fromSchool: book.id, epoch, luggage },
        });
      else findings.push({ index, what: "account " + account + " moved to school " + toSchool + ", where nobody waits for it" });
    }
    if (body.kind === "DirectiveApplied" && body.directive.kind === "MoveIn" && body.outcome !== "applied") {
      const { account, fromSchool } = body.directive;
      findings.push({ index, what: "the balance that account " + account + " had at school " + fromSchool + " was not taken" });
    }
  }
  const last = from + events.length - 1;
  for (const account of new Set(events.flatMap(accountsOf))) {
    const gone = book.state.accounts.get(account);
    if (gone?.status !== "moved" || (gone.main === 0 && gone.additional === 0)) continue;
    const home = await homeAfterMoves(store, book.id, account);
    if (home === null) continue;
    const directive: Directive = { kind: "MoveOut", account, toSchool: home.toSchool, epoch: home.epoch };
    directives.push({ school: book.id, reference: "move/again/" + place(book, last) + "/" + account, directive });
  }
  return { directives, findings };
}
