/**
 * Network and broker in one, small enough to run on virtual time: it admits terminals, carries `t/<terminal>/u` to the gateway's core and `t/<terminal>/d`
 * back, and knows nothing else. The product's own broker (aedes over TCP) has the same duties; here every byte arrives at an instant that the seed decides.
 */
import { concat, encodePacket, parseTopic, scanPacket, topicFor } from "@trapeza/protocol";
import type { Packet } from "@trapeza/protocol";
import type { Connection, ConnectionEvents, Network } from "./board-network.js";
import type { Clock } from "./clock.js";

export interface BrokerHooks {
  /** Whether this terminal may connect with this password; asked before an older connection of the same terminal is closed. */
  admit(terminal: number, password: Uint8Array): boolean;
  /** A frame from a terminal. */
  frame(terminal: number, payload: Uint8Array): void;
  gone(terminal: number): void;
}

export type Direction = "up" | "down";

/** What the wires do to what is under way, from moment to moment. */
export interface Weather {
  /** How long the next piece takes; one that was sent later never arrives earlier, as with TCP. */
  latencyMs: () => number;
  /** What becomes of a session's frame: itself, nothing, several, another. TCP hides such things, a broker or a hostile neighbour does not. */
  frame: (direction: Direction, terminal: number, frame: Uint8Array) => readonly Uint8Array[];
}

export interface Broker extends Network {
  readonly weather: Weather;
  /** Hands a frame to a terminal; lost when it is not connected, as with quality of service 0. */
  send(terminal: number, payload: Uint8Array): void;
  /** A frame out of nowhere, past the weather: one that was held back, or heard long ago. */
  post(direction: Direction, terminal: number, frame: Uint8Array): void;
  /** The terminal's connection is dead and nobody is told: no goodbye, no answer. `false`: it had none. */
  deafen(terminal: number): boolean;
  /** The gateway's process has died: every connection breaks, nobody answers until {@link Broker.open}. */
  close(): void;
  open(): void;
}

/** The server's end of one connection. */
interface Line {
  readonly say: (packet: Packet) => void;
  readonly hear: (bytes: Uint8Array) => void;
  readonly hangUp: () => void;
  readonly deafen: () => void;
}

/** `latencyMs` each way, on `clock`. Hosts and ports do not matter: there is one gateway. */
export function createBroker(clock: Clock, hooks: BrokerHooks, latencyMs = 2): Broker {
  const connected = new Map<number, Line>();
  const lines = new Set<Line>();
  let listening = true;
  const weather: Weather = { latencyMs: () => latencyMs, frame: (_direction, _terminal, frame) => [frame] };
  const tell = (terminal: number, payload: Uint8Array): void =>
    connected.get(terminal)?.say({ kind: "publish", topic: topicFor(terminal, "down"), payload });
  return {
    weather,
    send: (terminal, payload) => weather.frame("down", terminal, payload).forEach((frame) => tell(terminal, frame)),
    post: (direction, terminal, frame) => (direction === "down" ? tell(terminal, frame) : hooks.frame(terminal, frame)),
    deafen(terminal) {
      const line = connected.get(terminal);
      line?.deafen();
      return line !== undefined;
    },
    open: () => void (listening = true),
    close() {
      listening = false;
      for (const line of [...lines]) line.hangUp();
    },
    connect(_address, events) {
      if (!listening) throw new Error("connection refused");
      const line = createLine(clock, weather, events, (packet, self) => handle(packet, self));
      lines.add(line.server);
      clock.after(weather.latencyMs(), () => events.open());
      return line.board;
    },
  };

  function handle(packet: Packet | "closed", line: Line): boolean {
    const terminal = [...connected].find(([, other]) => other === line)?.[0] ?? null;
    if (packet === "closed") {
      lines.delete(line);
      if (terminal !== null) {
        connected.delete(terminal);
        hooks.gone(terminal);
      }
      return true;
    }
    if (packet.kind === "connect") return terminal === null && admit(packet, line);
    if (terminal === null) return false;
    if (packet.kind === "subscribe") {
      line.say({ kind: "suback", id: packet.id, code: packet.topic === topicFor(terminal, "down") ? 0 : 0x80 });
      return true;
    }
    if (packet.kind === "pingreq") {
      line.say({ kind: "pingresp" });
      return true;
    }
    if (packet.kind !== "publish" || packet.topic !== topicFor(terminal, "up")) return false;
    weather.frame("up", terminal, packet.payload).forEach((frame) => hooks.frame(terminal, frame));
    return true;
  }

  function admit(packet: Extract<Packet, { kind: "connect" }>, line: Line): boolean {
    const terminal = parseTopic(`t/${packet.clientId}/u`)?.terminal ?? null;
    if (terminal === null || packet.user !== packet.clientId || !hooks.admit(terminal, packet.password)) {
      line.say({ kind: "connack", code: 5 });
      return false;
    }
    connected.get(terminal)?.hangUp();
    connected.set(terminal, line);
    line.say({ kind: "connack", code: 0 });
    return true;
  }
}

/** One TCP connection: bytes in order, each under way for as long as the weather says, none after either end has closed. */
function createLine(
  clock: Clock,
  weather: Weather,
  events: ConnectionEvents,
  handle: (packet: Packet | "closed", line: Line) => boolean,
): { server: Line; board: Connection } {
  let closed = false;
  let deaf = false;
  let waiting: Uint8Array = new Uint8Array(0);
  const arrivesMs = { up: 0, down: 0 };
  const under = (direction: Direction): number => {
    arrivesMs[direction] = Math.max(arrivesMs[direction], clock.now() + weather.latencyMs());
    return arrivesMs[direction] - clock.now();
  };
  const later = (direction: Direction, task: () => void): void => void clock.after(under(direction), () => closed || deaf || task());
  const close = (tellBoard: boolean): void => {
    if (closed) return;
    closed = true;
    handle("closed", server);
    if (tellBoard && !deaf) clock.after(under("down"), () => events.close(null));
  };
  const server: Line = {
    say: (packet) => later("down", () => events.data(encodePacket(packet))),
    hangUp: () => close(true),
    deafen: () => void (deaf = true),
    hear(bytes) {
      waiting = concat([waiting, bytes]);
      for (let found = scanPacket(waiting); found; found = scanPacket(waiting)) {
        waiting = waiting.slice(found.length);
        if (!found.packet || !handle(found.packet, server)) {
          // What was said last (a refusal) still arrives.
          clock.after(under("down"), () => close(true));
          return;
        }
      }
    },
  };
  const board: Connection = {
    write(bytes) {
      const sent = new Uint8Array(bytes);
      later("up", () => server.hear(sent));
      later("up", () => events.drain());
    },
    end() {
      if (!deaf) return later("up", () => close(true));
      // Nobody answers a goodbye either: the chip gives the socket up by itself.
      clock.after(weather.latencyMs(), () => events.close(null));
      close(false);
    },
    // Nobody says goodbye; a broker notices by its keep-alive, here after half a minute.
    vanish: () => void clock.after(30_000, () => close(false)),
  };
  return { server, board };
}
