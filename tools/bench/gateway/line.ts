import { connect, type Socket } from "node:net";
import { concat, encodePacket, scanPacket, topicFor, type Packet, type TerminalId } from "@trapeza/protocol";

/** One terminal's MQTT connection as a terminal has it: its two topics, quality of service 0, whole frames in and out. */
export class Line {
  readonly #socket: Socket;
  readonly #up: string;
  #rest: Uint8Array = new Uint8Array(0);
  #control: (packet: Packet) => void = () => undefined;
  /** Called with each frame that comes down. */
  onFrame: (frame: Uint8Array) => void = () => undefined;
  closed = false;

  private constructor(socket: Socket, terminal: TerminalId) {
    this.#socket = socket;
    this.#up = topicFor(terminal, "up");
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.#take(chunk));
    socket.on("close", () => (this.closed = true)).on("error", () => (this.closed = true));
  }

  /** Connects, logs in and listens. Rejects when the broker will not have it. */
  static async open(port: number, terminal: TerminalId, password: Uint8Array): Promise<Line> {
    const socket = await new Promise<Socket>((done, failed) => {
      const made = connect(port, "127.0.0.1", () => done(made));
      made.once("error", failed);
    });
    const line = new Line(socket, terminal);
    const name = String(terminal);
    const connack = await line.#exchange({ kind: "connect", clientId: name, keepAlive: 60, user: name, password, will: null });
    if (connack.kind !== "connack" || connack.code !== 0) throw new Error(`terminal ${name} was not let in`);
    await line.#exchange({ kind: "subscribe", id: 1, topic: topicFor(terminal, "down") });
    return line;
  }

  send(frame: Uint8Array): void {
    this.#socket.write(encodePacket({ kind: "publish", topic: this.#up, payload: frame }));
  }

  close(): void {
    this.#socket.destroy();
  }

  #exchange(packet: Packet): Promise<Packet> {
    return new Promise((done, failed) => {
      this.#control = done;
      this.#socket.once("close", () => failed(new Error("the broker hung up")));
      this.#socket.write(encodePacket(packet));
    });
  }

  #take(chunk: Uint8Array): void {
    this.#rest = this.#rest.length === 0 ? new Uint8Array(chunk) : concat([this.#rest, new Uint8Array(chunk)]);
    for (let found = scanPacket(this.#rest); found; found = this.#rest.length > 0 ? scanPacket(this.#rest) : null) {
      this.#rest = this.#rest.slice(found.length);
      if (found.packet?.kind === "publish") this.onFrame(found.packet.payload);
      else if (found.packet) this.#control(found.packet);
    }
  }
}
