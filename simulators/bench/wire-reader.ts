/**
 * Reads a terminal's MQTT with its key, as the gateway does and nobody else on the wire can: follows Hello and Welcome to the session's keys, then opens
 * frame after frame. What it has missed the beginning of stays shut until the next Hello.
 */
import { cipher, sha256 } from "@trapeza/gateway";
import {
  concat,
  copyOf,
  decode,
  helloKey,
  helloSchema,
  isClearDown,
  isClearUp,
  KIND_HANDSHAKE,
  openFrame,
  openHandshake,
  parseTopic,
  peek,
  scanPacket,
  sessionKeys,
  unpackDown,
  unpackUp,
  welcomeSchema,
} from "@trapeza/protocol";
import type { Channel, Direction, Down, Hello, Packet, Up, Welcome } from "@trapeza/protocol";

/** What a frame turned out to be. `shut`: sealed for somebody else, damaged, or of a session whose Hello was not heard. */
export type Read =
  | { readonly kind: "hello"; readonly hello: Hello }
  | { readonly kind: "welcome"; readonly welcome: Welcome }
  | { readonly kind: "up"; readonly counter: number; readonly message: Up }
  | { readonly kind: "down"; readonly counter: number; readonly message: Down }
  | { readonly kind: "shut" };

/** A packet, or `null` for what is none; `read` only for a frame. */
export interface Told {
  readonly packet: Packet | null;
  readonly read: Read | null;
}

export interface WireReader {
  /** Takes what came, however it was cut, and tells of the packets that are whole now. */
  take(direction: Direction, bytes: Uint8Array): Told[];
  /** A new connection: nothing of the old one counts. */
  begin(): void;
}

const NOTHING = new Uint8Array(0);

/** `key`: 32 bytes that terminal and gateway share; `null` reads the packets and leaves their frames shut. */
export function createWireReader(key: Uint8Array | null): WireReader {
  const rest: Record<Direction, Uint8Array> = { up: NOTHING, down: NOTHING };
  let hello: Uint8Array = NOTHING;
  let channels: Record<Direction, Channel> | null = null;

  function handshake(direction: Direction, frame: Uint8Array): Read {
    const opened = key ? openHandshake(sha256, helloKey(sha256, key), direction, frame) : null;
    if (!key || !opened?.ok) return { kind: "shut" };
    if (direction === "up") {
      hello = frame;
      const said = decode(helloSchema, opened.body);
      return said.ok ? { kind: "hello", hello: said.value } : { kind: "shut" };
    }
    const keys = sessionKeys(sha256, key, hello, frame);
    const shared = { sha256, cipher };
    channels = {
      up: { ...shared, direction: "up", encryption: keys.upEncryption, tag: keys.upTag },
      down: { ...shared, direction: "down", encryption: keys.downEncryption, tag: keys.downTag },
    };
    const said = decode(welcomeSchema, opened.body);
    return said.ok ? { kind: "welcome", welcome: said.value } : { kind: "shut" };
  }

  function read(direction: Direction, frame: Uint8Array): Read {
    if (peek(frame)?.kind === KIND_HANDSHAKE) return handshake(direction, frame);
    const opened = channels ? openFrame(channels[direction], direction === "up" ? isClearUp : isClearDown, frame) : null;
    if (!opened?.ok) return { kind: "shut" };
    const { counter } = opened;
    if (direction === "up") {
      const message = unpackUp(opened);
      return message.ok ? { kind: "up", counter, message: message.value } : { kind: "shut" };
    }
    const message = unpackDown(opened);
    return message.ok ? { kind: "down", counter, message: message.value } : { kind: "shut" };
  }

  return {
    take(direction, bytes) {
      const told: Told[] = [];
      let all = concat([rest[direction], bytes]);
      for (let found = scanPacket(all); found && all.length > 0; found = scanPacket(all)) {
        const { packet } = found;
        const topic = packet?.kind === "publish" ? parseTopic(packet.topic) : null;
        told.push({ packet, read: packet?.kind === "publish" && topic ? read(topic.direction, packet.payload) : null });
        all = copyOf(all, found.length, all.length);
        // Not MQTT, or not ours: nothing behind it can be trusted to begin where it seems to.
        if (!packet) all = NOTHING;
      }
      rest[direction] = all;
      return told;
    },
    begin() {
      rest.up = NOTHING;
      rest.down = NOTHING;
      channels = null;
    },
  };
}
