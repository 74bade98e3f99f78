import { cipher, sha256, terminalKey } from "@trapeza/gateway";
import {
  decode,
  encode,
  helloKey,
  helloSchema,
  mqttPassword,
  openHandshake,
  sealHandshake,
  sessionKeys,
  unpackDown,
  welcomeSchema,
} from "@trapeza/protocol";
import type { CardUid, Channel, Kopecks, Result, TerminalId, Up, When } from "@trapeza/protocol";
import { CASHIER, DISH, PRICE } from "./school.js";
import { Line } from "./line.js";
import { Talk, type Opened, type Wire } from "./talk.js";

/** Sells: a card first, then one dish to whoever holds it. */
export interface Seller {
  tap(uid: CardUid): Promise<number>;
  sell(handle: number): Promise<void>;
  close(): void;
}

export function tapMessage(uid: CardUid): Up {
  return { kind: "Tap", uid, total: PRICE, sun: null };
}

export function saleMessage(n: number, when: When, handle: number): Up {
  const lines = [{ dish: DISH, quantity: 1 }];
  return { kind: "Sale", n, when, handle, lines, total: PRICE, menuVersion: 0, override: "none" };
}

/** What the gateway answers, by the counter of the frame that it answers. */
function replyIn(opened: Opened): { readonly re: number; readonly said: Result } | null {
  const message = unpackDown(opened);
  return message.ok && message.value.kind === "Reply" ? { re: message.value.re, said: message.value.result } : null;
}

/** What a till must not forget between two connections. */
export interface TillMemory {
  readonly id: TerminalId;
  readonly n: number;
  readonly incarnation: number;
  readonly token: Uint8Array;
}

/** A till without a screen: it speaks the wire by the book, with real keys, as fast as it is told to. */
export class Till implements Seller {
  readonly #key: Uint8Array;
  #wire: Wire | null = null;
  #talk: Talk<Result> | null = null;
  #n = 0;
  #incarnation = 0;
  #token: Uint8Array = new Uint8Array(8);
  #when: When = { date: 0, sinceMs: 0, known: false };

  constructor(
    readonly id: TerminalId,
    schoolSecret: Uint8Array,
  ) {
    this.#key = terminalKey(schoolSecret, id, 1);
  }

  /** The same till somewhere else. */
  static from({ id, n, incarnation, token }: TillMemory, schoolSecret: Uint8Array): Till {
    const till = new Till(id, schoolSecret);
    till.#n = n;
    till.#incarnation = incarnation;
    till.#token = token;
    return till;
  }

  get memory(): TillMemory {
    return { id: this.id, n: this.#n, incarnation: this.#incarnation, token: this.#token };
  }

  /** Connects, and greets. `boot`: rises with every connection of its life. */
  async open(port: number, boot = 1): Promise<void> {
    await this.greet(await Line.open(port, this.id, mqttPassword(sha256, this.#key, boot, 1)), boot);
  }

  /** Says Hello, takes the Welcome, and at the first greeting opens the shift. */
  async greet(wire: Wire, boot: number): Promise<void> {
    this.#wire = wire;
    const body = encode(helloSchema, {
      ...{ terminalKind: "settlement", firmware: "bench", bootEpoch: boot, k: 2, incarnation: this.#incarnation, lastN: this.#n },
      ...{ resumeToken: this.#token, heardEpoch: 0, heardSize: 0, nonce: new Uint8Array(16).fill(1), answered: 0, line: "none" },
    });
    const hello = sealHandshake(sha256, helloKey(sha256, this.#key), "up", body);
    await new Promise<void>((done, failed) => {
      wire.onFrame = (frame) => (this.#accept(wire, hello, frame) ? done() : failed(new Error("no Welcome")));
      wire.send(hello);
    });
    if (this.#n > 0) return;
    const shift = await this.operate((n) => ({ kind: "Shift", n, when: this.#when, action: "open", uid: CASHIER, declared: 0 as Kopecks }));
    if (shift.kind !== "ShiftDone") throw new Error(`no shift at till ${this.id}: ${JSON.stringify(shift)}`);
  }

  /** A card held up: the handle to sell to. */
  async tap(uid: CardUid): Promise<number> {
    const holder = await this.#ask(tapMessage(uid));
    if (holder.kind !== "Holder") throw new Error(`a card was refused: ${JSON.stringify(holder)}`);
    return holder.handle;
  }

  /** One dish sold. Rejects unless the gateway says that it is. */
  async sell(handle: number): Promise<void> {
    const sold = await this.operate((n) => saleMessage(n, this.#when, handle));
    if (sold.kind !== "Sold") throw new Error(`a sale was refused: ${JSON.stringify(sold)}`);
  }

  operate(draft: (n: number) => Up): Promise<Result> {
    return this.#ask(draft(++this.#n));
  }

  close(): void {
    this.#wire?.close();
  }

  #ask(message: Up): Promise<Result> {
    if (!this.#talk) throw new Error(`till ${this.id} has not been welcomed`);
    return this.#talk.ask(message);
  }

  #accept(wire: Wire, hello: Uint8Array, frame: Uint8Array): boolean {
    const opened = openHandshake(sha256, helloKey(sha256, this.#key), "down", frame);
    const welcome = opened.ok ? decode(welcomeSchema, opened.body) : null;
    if (!welcome?.ok) return false;
    const keys = sessionKeys(sha256, this.#key, hello, frame);
    const up: Channel = { sha256, cipher, direction: "up", encryption: keys.upEncryption, tag: keys.upTag };
    const down: Channel = { sha256, cipher, direction: "down", encryption: keys.downEncryption, tag: keys.downTag };
    this.#talk = new Talk(wire, up, down, replyIn);
    this.#when = { date: welcome.value.date, sinceMs: 0, known: true };
    this.#incarnation = welcome.value.incarnation;
    this.#token = welcome.value.resumeToken;
    return true;
  }
}
