/** Both bill validators' lines in words. */
import { ccnet, id003 } from "@trapeza/protocol";
import type { Traffic } from "../terminal.js";
import { meaning, type Meaning } from "./meaning.js";
import type { Words } from "./words.ru.js";

export function describeCcnet(bytes: Uint8Array, direction: Traffic["direction"], words: Words): Meaning {
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

/** A byte means one thing from the host and another from the unit: who spoke decides. */
export function describeId003(bytes: Uint8Array, direction: Traffic["direction"], words: Words): Meaning {
  const frames = id003.scan(id003.createScanner(), bytes);
  const frame = frames[frames.length - 1];
  if (!frame) return meaning(words.wire.unknown);
  if (frame.kind === "bad") return meaning(words.wire.damaged);
  return direction === "out" ? describeOrder(frame.payload, words) : describeReport(frame.payload, words);
}

function describeOrder(payload: Uint8Array, { wire }: Words): Meaning {
  const plain: Record<number, string> = {
    [id003.RESET]: wire.reset,
    [id003.STACK_1]: wire.stack,
    [id003.RETURN]: wire.return,
    [id003.HOLD]: wire.hold,
    [id003.GET_CURRENCY]: wire.table,
    [id003.GET_VERSION]: wire.version,
    [id003.ACK]: wire.vendHeard,
  };
  if (payload[0] === id003.STATUS_REQUEST) return meaning(wire.poll, true);
  return settings(payload, wire) ?? meaning(plain[payload[0]] ?? wire.unknown);
}

/** Said by the host, and said back by the unit when it has taken them. */
function settings(payload: Uint8Array, wire: Words["wire"]): Meaning | null {
  if (payload[0] === id003.SET_INHIBIT) return meaning(payload[1] === 0 ? wire.letIn : wire.inhibit);
  if (payload[0] !== id003.SET_ENABLE) return null;
  const codes = Array.from({ length: 8 }, (_, bit) => bit).filter((bit) => ((payload[1] >> bit) & 1) === 0);
  return meaning(`${wire.enable} ${codes.map((bit) => (0x61 + bit).toString(16)).join(", ") || "—"}`);
}

function describeReport(payload: Uint8Array, words: Words): Meaning {
  if (id003.decodeCurrency(payload)) return meaning(words.wire.tableIs);
  const status = id003.decodeStatus(payload);
  const said = settings(payload, words.wire);
  if (said) return said;
  if (status.kind === "ack") return meaning(words.wire.ack);
  if (status.kind === "invalid_command") return meaning(words.wire.illegal);
  const code = "billType" in status ? ` (${status.billType.toString(16)})` : "";
  return meaning((words.status[status.kind] ?? status.kind) + code, ROUTINE.includes(status.kind));
}
