/** MQTT and the frames inside in words. */
import { fromByteText, toHex } from "@trapeza/protocol";
import type { Packet } from "@trapeza/protocol";
import { meaning, type Meaning } from "./meaning.js";
import type { Read, Told } from "./wire-reader.js";
import type { Words } from "./words.ru.js";

/** Keys, tokens and one-time passwords are nobody's to read, not even with the terminal's key. */
const HIDDEN = ["ticketKey", "resumeToken", "code", "password"];
/** Items of a list that are shown. */
const SHOWN_ITEMS = 6;
const SHOWN_HEX = 16;

/** Of one burst; bytes that are not yet a packet, or none at all, are counted. */
export function describeNetwork(told: readonly Told[], bytes: number, words: Words): Meaning {
  if (told.length === 0) return meaning(`${bytes} ${words.wire.bytes}`);
  const parts = told.map(({ packet, read }) => (packet ? describePacket(packet, read, words) : meaning(words.wire.unknown)));
  return meaning(
    parts.map((part) => part.text).join("; "),
    parts.every((part) => part.routine),
  );
}

function describePacket(packet: Packet, read: Read | null, words: Words): Meaning {
  const { wire } = words;
  switch (packet.kind) {
    case "connect":
      return meaning(`${wire.connect} ${packet.clientId}`);
    case "connack":
      return meaning(packet.code === 0 ? wire.connected : `${wire.refused} ${packet.code}`);
    case "publish":
      if (read && read.kind !== "shut") return describeRead(read, words);
      return meaning(`${wire.publish} ${packet.topic}, ${packet.payload.length} ${wire.bytes}`);
    case "subscribe":
      return meaning(`${wire.subscribe} ${packet.topic}`);
    case "suback":
      return meaning(wire.subscribed);
    case "pingreq":
      return meaning(wire.ping, true);
    case "pingresp":
      return meaning(wire.pong, true);
    case "disconnect":
      return meaning(wire.goodbye);
  }
}

function describeRead(read: Exclude<Read, { kind: "shut" }>, words: Words): Meaning {
  const named = (kind: string): string => words.messages[kind] ?? kind;
  if (read.kind === "hello") return meaning(`${named("Hello")}: ${fields(read.hello)}`);
  if (read.kind === "welcome") return meaning(`${named("Welcome")}: ${fields(read.welcome)}`);
  const { kind, ...rest } = read.message;
  if (kind === "Reply") {
    const { re, result } = read.message;
    const { kind: what, ...answer } = result;
    return meaning(`${named("Reply")} ${re}, ${named(what)}: ${fields(answer)}`.replace(/: $/, ""));
  }
  const number = read.kind === "up" ? ` ${read.counter}` : "";
  return meaning(`${named(kind)}${number}: ${fields(rest)}`.replace(/: $/, ""), kind === "Status" || kind === "Time");
}

function fields(value: object): string {
  return Object.entries(value)
    .filter(([, one]) => one !== null && one !== "")
    .map(([name, one]) => `${name} ${HIDDEN.includes(name) ? "•••" : valueText(one)}`)
    .join(", ");
}

function valueText(value: unknown): string {
  if (value instanceof Uint8Array) return toHex(value.slice(0, SHOWN_HEX)) + (value.length > SHOWN_HEX ? "…" : "");
  if (Array.isArray(value)) {
    const shown = value.slice(0, SHOWN_ITEMS).map(valueText).join(" · ");
    return `[${shown}${value.length > SHOWN_ITEMS ? ` … ${value.length}` : ""}]`;
  }
  if (typeof value === "object" && value !== null) return `(${fields(value)})`;
  return typeof value === "string" ? fromByteText(value) : String(value);
}
