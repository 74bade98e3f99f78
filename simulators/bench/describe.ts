/** Wires in words: what a burst of bytes on one of a terminal's lines means, for a technician who has not learnt the protocols by heart. */
import { ccnet, copyOf, escpos, latinText, pn532, scanPacket } from "@trapeza/protocol";
import type { Packet } from "@trapeza/protocol";
import type { Traffic } from "../terminal.js";
import type { Words } from "./words.ru.js";

export interface Meaning {
  readonly text: string;
  /** Part of the endless asking and answering, of no interest until something is wrong with it. */
  readonly routine: boolean;
}

function meaning(text: string, routine = false): Meaning {
  return { text, routine };
}

/** Meaning of `traffic`; bytes that make no sense are said to make none. */
export function describe(traffic: Traffic, words: Words): Meaning {
  if (traffic.direction === "open") return meaning(words.wire.opened);
  if (traffic.direction === "close") return meaning(words.wire.closed);
  if (traffic.line === "pn532") return describePn532(traffic.bytes, words);
  if (traffic.line === "ccnet") return describeCcnet(traffic.bytes, traffic.direction, words);
  if (traffic.line === "escpos") return describeEscpos(traffic.bytes, traffic.direction, words);
  if (traffic.line === "network") return describeMqtt(traffic.bytes, words);
  return meaning(latinText(traffic.bytes));
}

function describePn532(bytes: Uint8Array, words: Words): Meaning {
  const frames = pn532.scan(pn532.createScanner(), bytes);
  const frame = frames[frames.length - 1];
  if (!frame) return meaning(words.wire.unknown);
  if (frame.kind === "ack") return meaning(words.wire.ack, true);
  if (frame.kind === "nack") return meaning(words.wire.nack);
  if (frame.kind !== "data") return meaning(words.wire.damaged);
  return frame.tfi === pn532.FROM_HOST ? describeQuestion(frame.data, words) : describeAnswer(frame.data, words);
}

function describeQuestion(data: Uint8Array, { wire }: Words): Meaning {
  switch (data[0]) {
    case pn532.SAM_CONFIGURATION:
      return meaning(wire.wake);
    case pn532.GET_FIRMWARE_VERSION:
      return meaning(wire.version);
    case pn532.RF_CONFIGURATION:
      return meaning(wire.tune);
    case pn532.IN_LIST_PASSIVE_TARGET:
      return meaning(wire.look, true);
    case pn532.IN_DATA_EXCHANGE:
      return meaning(wire.exchange);
    case pn532.IN_RELEASE:
      return meaning(wire.release);
    default:
      return meaning(wire.unknown);
  }
}

function describeAnswer(data: Uint8Array, { wire }: Words): Meaning {
  const version = pn532.decodeFirmwareVersion(data);
  if (version) return meaning(`${wire.versionIs} ${version.version}.${version.revision}`);
  if (data[0] === pn532.IN_LIST_PASSIVE_TARGET + 1) {
    const target = pn532.decodeTarget(data);
    if (target.kind === "card") return meaning(`${wire.cardIs} ${target.uid}`);
    return target.kind === "none" ? meaning(wire.noCard, true) : meaning(wire.damaged);
  }
  if (data[0] === pn532.IN_DATA_EXCHANGE + 1) return meaning(`${wire.exchanged} ${data[1]}`);
  return meaning(wire.tuned);
}

function describeCcnet(bytes: Uint8Array, direction: Traffic["direction"], words: Words): Meaning {
  const frames = ccnet.scan(ccnet.createScanner(), bytes);
  const frame = frames[frames.length - 1];
  if (!frame) return meaning(words.wire.unknown);
  if (frame.kind === "bad") return meaning(words.wire.damaged);
  return direction === "out" ? describeCommand(frame.payload, words) : describeStatus(frame.payload, words);
}

function describeCommand(payload: Uint8Array, { wire }: Words): Meaning {
  const plain: Record<number, string> = {
    [ccnet.RESET]: wire.reset,
    [ccnet.STACK]: wire.stack,
    [ccnet.RETURN]: wire.return,
    [ccnet.HOLD]: wire.hold,
    [ccnet.GET_BILL_TABLE]: wire.table,
    [ccnet.IDENTIFICATION]: wire.version,
    [ccnet.GET_STATUS]: wire.askStatus,
    [ccnet.NAK]: wire.nack,
  };
  if (payload[0] === ccnet.POLL) return meaning(wire.poll, true);
  if (payload[0] === ccnet.ACK) return meaning(wire.ack, true);
  if (payload[0] === ccnet.ENABLE_BILL_TYPES) {
    const types = Array.from({ length: 24 }, (_, type) => type).filter((type) => ((payload[3 - (type >> 3)] >> (type & 7)) & 1) === 1);
    return meaning(`${wire.enable} ${types.join(", ") || "—"}`);
  }
  return meaning(plain[payload[0]] ?? wire.unknown);
}

const ROUTINE: readonly string[] = ["idling", "disabled", "initialize", "power_up", "accepting", "stacking", "returning", "ack"];

function describeStatus(payload: Uint8Array, words: Words): Meaning {
  if (ccnet.decodeBillTable(payload)) return meaning(words.wire.tableIs);
  const status = ccnet.decodeStatus(payload);
  if (status.kind === "ack") return meaning(words.wire.ack);
  if (status.kind === "nak") return meaning(words.wire.nack);
  if (status.kind === "illegal") return meaning(words.wire.illegal);
  const type = "billType" in status ? ` (${status.billType})` : "";
  return meaning((words.status[status.kind] ?? status.kind) + type, ROUTINE.includes(status.kind));
}

/** Bits that a status byte has when there is nothing to tell. */
const NO_TROUBLE = 0x12;

function describeEscpos(bytes: Uint8Array, direction: Traffic["direction"], { wire }: Words): Meaning {
  if (direction === "in") {
    if (bytes[0] === NO_TROUBLE) return meaning(wire.allWell, true);
    return meaning(`${wire.statusIs} ${bytes[0].toString(2).padStart(8, "0")}`);
  }
  const { tokens } = escpos.scan(bytes);
  const question = tokens.length === 1 && tokens[0].kind === "ask_status" ? tokens[0].value : 0;
  if (question > 0) return meaning(question === 4 ? wire.askPaper : question === 2 ? wire.askCause : wire.askStatus, true);
  const cut = tokens.some((token) => token.kind === "cut") ? ", " + wire.cut : "";
  return meaning(`${wire.printing}, ${bytes.length} ${wire.bytes}${cut}`);
}

function describeMqtt(bytes: Uint8Array, words: Words): Meaning {
  const parts: Meaning[] = [];
  let rest = bytes;
  while (rest.length > 0) {
    const scanned = scanPacket(rest);
    if (!scanned || scanned.length === 0) break;
    parts.push(scanned.packet ? describePacket(scanned.packet, words) : meaning(words.wire.unknown));
    rest = copyOf(rest, scanned.length, rest.length);
  }
  if (parts.length === 0) return meaning(`${bytes.length} ${words.wire.bytes}`);
  return meaning(
    parts.map((part) => part.text).join("; "),
    parts.every((part) => part.routine),
  );
}

function describePacket(packet: Packet, { wire }: Words): Meaning {
  switch (packet.kind) {
    case "connect":
      return meaning(`${wire.connect} ${packet.clientId}`);
    case "connack":
      return meaning(packet.code === 0 ? wire.connected : `${wire.refused} ${packet.code}`);
    case "publish":
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
