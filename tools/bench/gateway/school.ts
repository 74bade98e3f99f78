import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createGateway, createSigner, openJournal, sha256 } from "@trapeza/gateway";
import { apply, createSchool, createTree, journalOrigin, luhnDigit, terminalId } from "@trapeza/protocol";
import type { AccountNumber, BusinessDate, CardUid, Directive, Kopecks, TerminalId } from "@trapeza/protocol";

export const HOUSE = "bench.trapeza.example";
export const SCHOOL_NUMBER = 24;
export const CASHIER = "04000001" as CardUid;
export const DISH = 101;
export const CATERER = 1;
export const PRICE = 100 as Kopecks;
/** Enough money for every sale of a bench: nobody may be refused while speed is measured. */
const PLENTY = 100_000_000 as Kopecks;

export const tillId = (index: number): TerminalId => terminalId(index + 1);
export const pupilCard = (index: number): CardUid => (0x05000000 + index).toString(16).padStart(8, "0") as CardUid;

function accountNumber(index: number): AccountNumber {
  const digits = String(100_000_000 + index);
  return `${digits}${luhnDigit(digits)}` as AccountNumber;
}

/** A school of `pupils` with money in the additional purse, `tills` tills and one dish. */
export function schoolOf(pupils: number, tills: number, today: BusinessDate): Directive[] {
  const from = (today - 30) as BusinessDate;
  const validThrough = (today + 300) as BusinessDate;
  return [
    {
      ...{
        kind: "SetSchool",
        number: SCHOOL_NUMBER,
        name: "School 24",
        operator: "Trapeza",
        address: null,
        claimPhone: "",
        language: "ru",
      },
      ...{ zoneMinutes: 180, debtLimit: 15_000 as Kopecks, mercyMeals: false, twoPersons: false, receiptsFrom: 1 },
    },
    { kind: "SetCaterer", id: 1, name: "Caterer" },
    { kind: "SetCategory", id: 1, name: "Paid" },
    { kind: "SetClass", id: 1, name: "1 A" },
    { kind: "SetStaff", id: 1, name: "Cashier", role: "cashier", class: null },
    {
      kind: "SetCard",
      uid: CASHIER,
      number: "K1",
      holder: "cashier",
      account: null,
      staff: 1,
      state: "active",
      by: "operator",
      validThrough,
    },
    { kind: "SetGroup", id: 0, name: "Buffet" },
    { kind: "SetDish", code: DISH, name: "Bun", price: PRICE, group: 0, allergens: [], caterer: CATERER, offered: true, from },
    ...Array.from({ length: tills }, (_, i): Directive => ({
      ...{ kind: "SetTerminal", id: tillId(i), terminalKind: "settlement", enrolment: 1, place: "canteen", service: "open", capacity: 0 },
    })),
    ...Array.from({ length: pupils }, (_, i) => pupil(i, validThrough)).flat(),
  ];
}

function pupil(index: number, validThrough: BusinessDate): Directive[] {
  const id = index + 1;
  return [
    {
      ...{ kind: "SetAccount", id, number: accountNumber(index), holder: "pupil", name: `Pupil ${id}`, shortName: `P. ${id}` },
      ...{ class: 1, category: 1, debtLimit: null, status: "open" },
    },
    {
      ...{ kind: "SetCard", uid: pupilCard(index), number: String(id), holder: "pupil", account: id, staff: null, state: "active" },
      ...{ by: "operator", validThrough },
    },
    { kind: "TopUp", account: id, main: 0 as Kopecks, additional: PLENTY, source: "payment", reference: `b${id}` },
  ];
}

const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));

export interface BenchKeys {
  readonly schoolSecret: Uint8Array;
  readonly gatewaySeed: Uint8Array;
}

/** Writes the journal of such a school into a folder, so that a gateway started on it can sell at once. */
export function prepareSchool(folder: string, keys: BenchKeys, pupils: number, tills: number): void {
  const origin = journalOrigin(HOUSE, SCHOOL_NUMBER, 1);
  const signer = createSigner(origin, keys.gatewaySeed);
  const school = createSchool();
  const die = (reason: Error): never => {
    throw reason;
  };
  const journal = openJournal({
    ...{ path: join(folder, "journal.sqlite"), origin, epoch: 1, signer, cosigner: null, random: random, die },
    fold: (event) => apply(school, event),
  });
  const gateway = createGateway({
    ...{ journal, school, schoolNumber: SCHOOL_NUMBER, schoolSecret: keys.schoolSecret, publicKey: signer.key.publicKey, die },
    clock: { nowMs: Date.now, state: () => "synchronized" },
    ...{ random: random, online: () => true, send: () => undefined, log: { info: () => undefined, warn: () => undefined } },
  });
  gateway.flush();
  const today = Math.floor(Date.now() / 86_400_000) as BusinessDate;
  const all = schoolOf(pupils, tills, today);
  const tree = createTree(sha256, journal.directives);
  for (const directive of all) tree.append(sha256(new TextEncoder().encode(JSON.stringify(directive))));
  gateway.applyDirectives(all, tree.edge());
  journal.close();
}
