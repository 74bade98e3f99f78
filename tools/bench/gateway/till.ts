import { cipher, sha256, terminalKey } from "@trapeza/gateway";
import {
  decode,
  encode,
  helloKey,
  helloSchema,
  isClearDown,
  mqttPassword,
  openFrame,
  openHandshake,
  packUp,
  sealFrame,
  sealHandshake,
  sessionKeys,
  unpackDown,
  welcomeSchema,
} from "@trapeza/protocol";
import type { CardUid, Channel, Kopecks, Result, TerminalId, Up, When } from "@trapeza/protocol";
import { CASHIER, DISH, PRICE } from "./school.js";
import { Line } from "./line.js";

/** A way to the gateway: whole frames there, and back to whoever listens. */
export interface Wire {
  onFrame: (frame: Uint8Array) => void;
  send(frame: Uint8Array): void;
  close(): void;
}

/** A till without a screen: it speaks the wire by the book, with real keys, as fast as it is told to. */
export class Till {
  readonly #key: Uint8Array;
  readonly #waiting = new Map<number, (result: Result) => void>();
  #wire: Wire | null = null;
  #up: Channel | null = null;
  #down: Channel | null = null;
  #counter = 0;
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

  /** Connects, and greets. `boot`: rises with every connection of its life. */
  async open(port: number, boot = 1): Promise<void> {
    await this.greet(await Line.open(port, this.id, mqttPassword(sha256, this.#key, boot, 1)), boot);
  }

  /** Says Hello, takes the Welcome, and at the first greeting opens the shift. */
  async greet(wire: Wire, boot: number): Promise<void> {
    this.#wire = wire;
    this.#counter = 0;
    const body = encode(helloSchema, {
      ...{ terminalKind: "settlement", firmware: "bench", bootEpoch: boot, k: 2, incarnation: this.#incarnation, lastN: this.#n },
      ...{ resumeToken: this.#token, heardEpoch: 0, heardSize: 0, nonce: new Uint8Array(16).fill(1), answered: 0, line: "none" },
    });
    const hello = sealHandshake(sha256, helloKey(sha256, this.#key), "up", body);
    await new Promise<void>((done, failed) => {
      wire.onFrame = (frame) => (this.#accept(hello, frame) ? done() : failed(new Error("no Welcome")));
      wire.send(hello);
    });
    wire.onFrame = (frame) => this.#hear(frame);
    if (this.#n > 0) return;
    const shift = await this.operate((n) => ({ kind: "Shift", n, when: this.#when, action: "open", uid: CASHIER, declared: 0 as Kopecks }));
    if (shift.kind !== "ShiftDone") throw new Error(`no shift at till ${this.id}: ${JSON.stringify(shift)}`);
  }

  /** A card held up: the handle to sell to. */
  async tap(uid: CardUid): Promise<number> {
    const holder = await this.#ask({ kind: "Tap", uid, total: PRICE, sun: null });
    if (holder.kind !== "Holder") throw new Error(`a card was refused: ${JSON.stringify(holder)}`);
    return holder.handle;
  }

  /** One dish sold. Rejects unless the gateway says that it is. */
  async sell(handle: number): Promise<void> {
    const sold = await this.operate((n) => ({
      ...{
        kind: "Sale",
        n,
        when: this.#when,
        handle,
        lines: [{ dish: DISH, quantity: 1 }],
        total: PRICE,
        menuVersion: 0,
        override: "none",
      },
    }));
    if (sold.kind !== "Sold") throw new Error(`a sale was refused: ${JSON.stringify(sold)}`);
  }

  operate(draft: (n: number) => Up): Promise<Result> {
    return this.#ask(draft(++this.#n));
  }

  close(): void {
    this.#wire?.close();
  }

  #ask(message: Up): Promise<Result> {
    const { kind, body } = packUp(message);
    const frame = sealFrame(this.#up!, kind, ++this.#counter, false, body);
    return new Promise((done) => {
      this.#waiting.set(this.#counter, done);
      this.#wire!.send(frame);
    });
  }

  #hear(frame: Uint8Array): void {
    const opened = openFrame(this.#down!, isClearDown, frame);
    const message = opened.ok ? unpackDown(opened) : null;
    if (!message?.ok || message.value.kind !== "Reply") return;
    this.#waiting.get(message.value.re)?.(message.value.result);
    this.#waiting.delete(message.value.re);
  }

  #accept(hello: Uint8Array, frame: Uint8Array): boolean {
    const opened = openHandshake(sha256, helloKey(sha256, this.#key), "down", frame);
    const welcome = opened.ok ? decode(welcomeSchema, opened.body) : null;
    if (!welcome?.ok) return false;
    const keys = sessionKeys(sha256, this.#key, hello, frame);
    this.#up = { sha256, cipher, direction: "up", encryption: keys.upEncryption, tag: keys.upTag };
    this.#down = { sha256, cipher, direction: "down", encryption: keys.downEncryption, tag: keys.downTag };
    this.#when = { date: welcome.value.date, sinceMs: 0, known: true };
    this.#incarnation = welcome.value.incarnation;
    this.#token = welcome.value.resumeToken;
    return true;
  }
}
