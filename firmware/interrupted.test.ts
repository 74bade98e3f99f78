import { createHash } from "node:crypto";
import test from "ava";
import { packUp } from "@trapeza/protocol/chip";
import type { CardUid, Kopecks, Operation } from "@trapeza/protocol/chip";
import type { Flash } from "./board.js";
import { reopenSale } from "./interrupted.js";
import { answered, openOutbox, store, unsent, type Outbox } from "./outbox.js";
import type { OperationDraft } from "./terminal.js";

const sha256 = (data: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(data).digest());

function memoryFlash(): Flash {
  const bytes = new Uint8Array(16384).fill(255);
  return {
    sectors: 4,
    sectorBytes: 4096,
    read: (sector, offset, length) => bytes.slice(sector * 4096 + offset, sector * 4096 + offset + length),
    write: (sector, offset, data) => data.forEach((byte, i) => (bytes[sector * 4096 + offset + i] &= byte)),
    erase: (sector) => void bytes.fill(255, sector * 4096, (sector + 1) * 4096),
  };
}

const sum = 100 as Kopecks;
const uid = "11223344" as CardUid;
const SALE: OperationDraft = { kind: "Sale", handle: 1, lines: [{ dish: 11, quantity: 1 }], total: sum, menuVersion: 1, override: "none" };
const CASH: OperationDraft = { kind: "CashSale", lines: [{ dish: 11, quantity: 1 }], total: sum, menuVersion: 1 };
const PAPER: OperationDraft = { kind: "Receipt", of: 1, outcome: "printed" };
const OPEN: OperationDraft = { kind: "Shift", action: "open", uid, declared: sum };
const CLOSE: OperationDraft = { kind: "Shift", action: "close", uid, declared: sum };

/** The till starts again after these operations, all of them answered. */
function startedAfter(...drafts: OperationDraft[]): Outbox {
  const flash = memoryFlash();
  const box = openOutbox(flash, sha256);
  for (const draft of drafts) {
    const n = box.state.lastN + 1;
    const packed = packUp(Object.assign({ n, when: { date: 0, sinceMs: 0, known: false } }, draft) as Operation);
    answered(box, store(box, packed.kind, packed.body, 0), null);
  }
  const again = openOutbox(flash, sha256);
  reopenSale(again);
  return again;
}

for (const { title, drafts, asked } of [
  { title: "a sale without a paper is asked for again", drafts: [OPEN, SALE], asked: 1 },
  { title: "so is one for cash, and what came after it", drafts: [OPEN, CASH, OPEN], asked: 2 },
  { title: "a sale whose paper is known is left alone", drafts: [OPEN, SALE, PAPER], asked: 0 },
  { title: "a closed shift asks for nothing", drafts: [OPEN, SALE, CLOSE], asked: 0 },
  { title: "nothing sold, nothing asked", drafts: [OPEN], asked: 0 },
]) {
  test(title, (t) => {
    t.is(unsent(startedAfter(...drafts)), asked);
  });
}
