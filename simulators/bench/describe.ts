/** Wires in words: what a burst of bytes on one of a terminal's lines means, for a technician who has not learnt the protocols by heart. */
import { escpos, latinText, pn532 } from "@trapeza/protocol";
import type { Traffic } from "../terminal.js";
import { describeCcnet, describeId003 } from "./describe-acceptor.js";
import { describeNetwork } from "./describe-network.js";
import { meaning, type Meaning } from "./meaning.js";
import { createWireReader, type Told } from "./wire-reader.js";
import type { Words } from "./words.ru.js";

/** Meaning of `traffic`; bytes that make no sense are said to make none. `told`: what a reader with the terminal's key has made of it. */
export function describe(traffic: Traffic, words: Words, told: readonly Told[] | null = null): Meaning {
  if (traffic.direction === "open") return meaning(words.wire.opened);
  if (traffic.direction === "close") return meaning(words.wire.closed);
  if (traffic.line === "pn532") return describePn532(traffic.bytes, words);
  if (traffic.line === "ccnet") return describeCcnet(traffic.bytes, traffic.direction, words);
  if (traffic.line === "escpos") return describeEscpos(traffic.bytes, traffic.direction, words);
  if (traffic.line === "id003") return describeId003(traffic.bytes, traffic.direction, words);
  if (traffic.line === "network") {
    const heard = told ?? createWireReader(null).take(traffic.direction === "out" ? "up" : "down", traffic.bytes);
    return describeNetwork(heard, traffic.bytes.length, words);
  }
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
