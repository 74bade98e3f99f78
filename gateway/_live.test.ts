import { connect } from "node:net";
import type { Socket } from "node:net";
import { concat, encodePacket, mqttPassword, scanPacket, topicFor } from "@trapeza/protocol";
import type { Packet, Result, TerminalId, TerminalKind, Up } from "@trapeza/protocol";
import { sha256 } from "./cipher.js";
import { Speaker } from "./_school.test.js";
import type { Sent } from "./_school.test.js";

/** One MQTT connection, packet by packet. */
export class Line {
  readonly packets: Packet[] = [];
  closed = false;
  #rest: Uint8Array = new Uint8Array(0);
  #wake: () => void = () => undefined;

  private constructor(readonly socket: Socket) {
    socket.on("data", (chunk) => {
      this.#rest = concat([this.#rest, new Uint8Array(chunk)]);
      for (let found = scanPacket(this.#rest); found; found = this.#rest.length > 0 ? scanPacket(this.#rest) : null) {
        this.#rest = this.#rest.slice(found.length);
        if (found.packet) this.packets.push(found.packet);
      }
      this.#wake();
    });
    const end = (): void => {
      this.closed = true;
      this.#wake();
    };
    socket.on("close", end).on("error", end);
  }

  static open(port: number): Promise<Line> {
    return new Promise((done, failed) => {
      const socket = connect(port, "127.0.0.1", () => done(new Line(socket)));
      socket.once("error", failed);
    });
  }

  send(packet: Packet): void {
    this.socket.write(encodePacket(packet));
  }

  /** The next packet of a kind, or `null` when the line closes or nothing comes. */
  async next<K extends Packet["kind"]>(kind: K, timeoutMs = 4000): Promise<Extract<Packet, { kind: K }> | null> {
    const until = Date.now() + timeoutMs;
    for (;;) {
      const at = this.packets.findIndex((packet) => packet.kind === kind);
      if (at >= 0) return this.packets.splice(at, 1)[0] as Extract<Packet, { kind: K }>;
      if (this.closed || Date.now() >= until) return null;
      await new Promise<void>((done) => {
        const timer = setTimeout(done, Math.max(1, until - Date.now()));
        this.#wake = () => {
          clearTimeout(timer);
          done();
        };
      });
    }
  }
}

/** A {@link Speaker} on a real connection. */
export class LiveTerminal {
  readonly speaker: Speaker;
  readonly #sent: Sent[] = [];
  line: Line | null = null;

  constructor(
    readonly id: TerminalId,
    readonly kind: TerminalKind,
  ) {
    const receive = (_: TerminalId, frame: Uint8Array): boolean => {
      this.line?.send({ kind: "publish", topic: topicFor(id, "up"), payload: frame });
      return false;
    };
    this.speaker = new Speaker({ gateway: { receive, flush: () => 0 }, sent: this.#sent }, id, kind);
  }

  password(): Uint8Array {
    return mqttPassword(sha256, this.speaker.key, this.speaker.bootEpoch, ++this.speaker.k);
  }

  /** Connects, subscribes and says Hello. `false` when any of it fails. */
  async start(port: number): Promise<boolean> {
    this.line = await Line.open(port).catch(() => null);
    if (!this.line) return false;
    const name = String(this.id);
    this.line.send({ kind: "connect", clientId: name, keepAlive: 30, user: name, password: this.password(), will: null });
    if ((await this.line.next("connack"))?.code !== 0) return false;
    this.line.send({ kind: "subscribe", id: 1, topic: topicFor(this.id, "down") });
    return (await this.line.next("suback"))?.code === 0 && this.greet();
  }

  /** Says Hello on the connection that there is. `false` when no Welcome comes. */
  async greet(): Promise<boolean> {
    this.speaker.welcome = null;
    this.speaker.give(this.speaker.helloFrame());
    while (!this.speaker.welcome) if (!(await this.#hear())) return false;
    return true;
  }

  /** The result of one message, or `null` when the line broke first. */
  async ask(message: Up): Promise<Result | null> {
    this.speaker.ask(message);
    const re = this.speaker.counter;
    for (;;) {
      const reply = this.speaker.heard.find((down) => down.kind === "Reply" && down.re === re);
      if (reply?.kind === "Reply") {
        this.speaker.heard.length = 0;
        return reply.result;
      }
      if (!(await this.#hear())) return null;
    }
  }

  async #hear(): Promise<boolean> {
    const packet = await this.line?.next("publish");
    if (!packet) return false;
    this.#sent.push({ terminal: this.id, frame: packet.payload });
    this.speaker.read();
    return true;
  }

  stop(): void {
    this.line?.socket.destroy();
  }
}
