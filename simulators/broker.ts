/**
 * A broker small enough to run on virtual time: it admits terminals, carries `t/<terminal>/u` to the gateway's core and `t/<terminal>/d` back, and knows
 * nothing else. The product's own broker (aedes) has the same duties; here every byte arrives at an instant that the seed decides.
 */
import type { Duplex } from "node:stream";
import { concat, encodePacket, parseTopic, scanPacket, topicFor } from "@trapeza/protocol";
import type { Packet } from "@trapeza/protocol";
import type { VirtualNetwork } from "./board-network.js";

export interface BrokerHooks {
  /** Whether this terminal may connect with this password; asked before an older connection of the same terminal is closed. */
  admit(terminal: number, password: Uint8Array): boolean;
  /** A frame from a terminal. */
  frame(terminal: number, payload: Uint8Array): void;
  gone(terminal: number): void;
}

export interface Broker {
  /** Hands a frame to a terminal; lost when it is not connected, as with quality of service 0. */
  send(terminal: number, payload: Uint8Array): void;
  close(): void;
}

export function openBroker(network: VirtualNetwork, port: number, hooks: BrokerHooks): Broker {
  const connected = new Map<number, Duplex>();
  const closePort = network.listen(port, (stream) => serve(stream, connected, hooks));
  return {
    send: (terminal, payload) => write(connected.get(terminal), { kind: "publish", topic: topicFor(terminal, "down"), payload }),
    close: closePort,
  };
}

function write(stream: Duplex | undefined, packet: Packet): void {
  if (stream && !stream.destroyed && !stream.writableEnded) stream.write(encodePacket(packet));
}

function serve(stream: Duplex, connected: Map<number, Duplex>, hooks: BrokerHooks): void {
  let waiting: Uint8Array = new Uint8Array(0);
  let terminal: number | null = null;
  stream.on("data", (chunk: Uint8Array) => {
    waiting = concat([waiting, new Uint8Array(chunk)]);
    for (;;) {
      const found = scanPacket(waiting);
      if (!found) return;
      waiting = waiting.slice(found.length);
      if (!found.packet || !handle(found.packet)) {
        stream.destroy();
        return;
      }
    }
  });
  stream.on("close", () => {
    if (terminal === null || connected.get(terminal) !== stream) return;
    connected.delete(terminal);
    hooks.gone(terminal);
  });

  /** `false`: whoever says this is not one of ours, hang up. */
  function handle(packet: Packet): boolean {
    if (packet.kind === "connect") return terminal === null && connect(packet);
    if (terminal === null) return false;
    switch (packet.kind) {
      case "subscribe":
        write(stream, { kind: "suback", id: packet.id, code: packet.topic === topicFor(terminal, "down") ? 0 : 0x80 });
        return true;
      case "publish": {
        const topic = parseTopic(packet.topic);
        if (!topic || topic.terminal !== terminal || topic.direction !== "up") return false;
        hooks.frame(terminal, packet.payload);
        return true;
      }
      case "pingreq":
        write(stream, { kind: "pingresp" });
        return true;
      default:
        return false;
    }
  }

  function connect(packet: Extract<Packet, { kind: "connect" }>): boolean {
    const claimed = parseTopic(`t/${packet.clientId}/u`)?.terminal ?? null;
    if (claimed === null || packet.user !== packet.clientId || !hooks.admit(claimed, packet.password)) {
      write(stream, { kind: "connack", code: 5 });
      return false;
    }
    connected.get(claimed)?.destroy();
    terminal = claimed;
    connected.set(claimed, stream);
    write(stream, { kind: "connack", code: 0 });
    return true;
  }
}
