/** The terminal's half of a conversation: a message packed and sealed; what comes back opened and read. A bench measures with this work in it. */
import { isClearDown, openFrame, packUp, sealFrame } from "@trapeza/protocol";
import type { Channel, Up } from "@trapeza/protocol";

/** A way to the other side: whole frames there, and back to whoever listens. */
export interface Wire {
  onFrame: (frame: Uint8Array) => void;
  send(frame: Uint8Array): void;
  close(): void;
}

export type Opened = Extract<ReturnType<typeof openFrame>, { readonly ok: true }>;

/** `read`: which frame was answered, by its counter, and with what; `null` for what answers none. */
export class Talk<Answer> {
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #counter = 0;

  constructor(
    private readonly wire: Wire,
    private readonly up: Channel,
    private readonly down: Channel,
    private readonly read: (opened: Opened) => { readonly re: number; readonly said: Answer } | null,
  ) {
    wire.onFrame = (frame) => this.#hear(frame);
  }

  ask(message: Up): Promise<Answer> {
    const { kind, body } = packUp(message);
    const counter = ++this.#counter;
    const frame = sealFrame(this.up, kind, counter, false, body);
    return new Promise((done) => {
      this.#waiting.set(counter, done);
      this.wire.send(frame);
    });
  }

  #hear(frame: Uint8Array): void {
    const opened = openFrame(this.down, isClearDown, frame);
    const answer = opened.ok ? this.read(opened) : null;
    if (!answer) return;
    this.#waiting.get(answer.re)?.(answer.said);
    this.#waiting.delete(answer.re);
  }
}
