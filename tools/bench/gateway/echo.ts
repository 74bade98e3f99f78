/** A till that stands before an echo: the frames of a sale, and what comes back is its own message. It works as hard for it as for a sale. */
import { randomBytes } from "node:crypto";
import { cipher, sha256 } from "@trapeza/gateway";
import { hmacKey, unpackUp } from "@trapeza/protocol";
import type { CardUid, Channel, TerminalId, Up } from "@trapeza/protocol";
import { Line } from "./line.js";
import { Talk, type Opened, type Wire } from "./talk.js";
import { saleMessage, tapMessage, type Seller } from "./till.js";

const NOW = { date: 20778, sinceMs: 1000, known: true };
/** As long on the wire as those that a gateway draws by chance. */
const HANDLE = 4_000_000_000;

function messageIn(opened: Opened): { readonly re: number; readonly said: Up } | null {
  const message = unpackUp(opened);
  return message.ok ? { re: opened.counter, said: message.value } : null;
}

export class EchoTill implements Seller {
  readonly #talk: Talk<Up>;
  #n = 0;

  private constructor(private readonly wire: Wire) {
    const channel: Channel = { sha256, cipher, direction: "up", encryption: randomBytes(16), tag: hmacKey(sha256, randomBytes(32)) };
    this.#talk = new Talk(wire, channel, channel, messageIn);
  }

  static async open(port: number, id: TerminalId): Promise<EchoTill> {
    return new EchoTill(await Line.open(port, id, new Uint8Array(0)));
  }

  async tap(uid: CardUid): Promise<number> {
    const { kind } = await this.#talk.ask(tapMessage(uid));
    if (kind !== "Tap") throw new Error(`a tap came back as ${kind}`);
    return HANDLE;
  }

  async sell(handle: number): Promise<void> {
    const { kind } = await this.#talk.ask(saleMessage(++this.#n, NOW, handle));
    if (kind !== "Sale") throw new Error(`a sale came back as ${kind}`);
  }

  close(): void {
    this.wire.close();
  }
}
