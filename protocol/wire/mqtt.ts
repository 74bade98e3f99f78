/**
 * The few MQTT 3.1.1 packets (OASIS mqtt-v3.1.1-os) that a terminal needs, both ways. Chip-safe. Quality of service 0 only: delivery is our own job.
 */
import { concat, copyOf, latinBytes, latinText, NO_BYTES, octets } from "./bytes.js";

export type Packet =
  | {
      readonly kind: "connect";
      readonly clientId: string;
      readonly keepAlive: number;
      readonly user: string;
      readonly password: Uint8Array;
      readonly will: { readonly topic: string; readonly payload: Uint8Array } | null;
    }
  | { readonly kind: "connack"; readonly code: number }
  | { readonly kind: "publish"; readonly topic: string; readonly payload: Uint8Array }
  | { readonly kind: "subscribe"; readonly id: number; readonly topic: string }
  | { readonly kind: "suback"; readonly id: number; readonly code: number }
  | { readonly kind: "pingreq" }
  | { readonly kind: "pingresp" }
  | { readonly kind: "disconnect" };

/** A packet found at the front of a stream: how many bytes it took, and what it is (`null`: not one of ours, close the connection). */
export interface Scanned {
  readonly length: number;
  readonly packet: Packet | null;
}

/** The longest packet is a menu of 120 dishes, some 9 kB. Whoever announces more is not our gateway, and what we kept for him would fill the chip. */
const LONGEST = 16383;

export function encodePacket(packet: Packet): Uint8Array {
  switch (packet.kind) {
    case "connect":
      return encodeConnect(packet);
    case "connack":
      return framed(0x20, octets([0, packet.code]));
    case "publish":
      return framed(0x30, concat([prefixed(latinBytes(packet.topic)), packet.payload]));
    case "subscribe":
      return framed(0x82, concat([octets([packet.id >> 8, packet.id & 255]), prefixed(latinBytes(packet.topic)), octets([0])]));
    case "suback":
      return framed(0x90, octets([packet.id >> 8, packet.id & 255, packet.code]));
    case "pingreq":
      return framed(0xc0, NO_BYTES);
    case "pingresp":
      return framed(0xd0, NO_BYTES);
    case "disconnect":
      return framed(0xe0, NO_BYTES);
  }
}

/** Looks for one whole packet at the front of `bytes`; `null` when more bytes must come first. Never throws. */
export function scanPacket(bytes: Uint8Array): Scanned | null {
  let length = 0;
  let scale = 1;
  let at = 1;
  for (;;) {
    if (at >= bytes.length) return null;
    const byte = bytes[at++];
    length += (byte & 127) * scale;
    if (byte < 128) break;
    scale *= 128;
    if (at > 4) return { length: at, packet: null };
  }
  if (length > LONGEST) return { length: at, packet: null };
  if (bytes.length < at + length) return null;
  return { length: at + length, packet: decodeBody(bytes[0], copyOf(bytes, at, at + length)) };
}

function decodeBody(first: number, body: Uint8Array): Packet | null {
  switch (first >> 4) {
    case 1:
      return decodeConnect(body);
    case 2:
      return body.length === 2 ? { kind: "connack", code: body[1] } : null;
    case 3: {
      const topic = textAt(body, 0);
      // Quality 1 or 2 would carry a packet id; we never ask for it, so whoever sends it is not one of us.
      return topic === null || (first & 6) !== 0
        ? null
        : { kind: "publish", topic: topic, payload: copyOf(body, 2 + topic.length, body.length) };
    }
    case 8: {
      const topic = textAt(body, 2);
      return topic === null ? null : { kind: "subscribe", id: body[0] * 256 + body[1], topic: topic };
    }
    case 9:
      return body.length === 3 ? { kind: "suback", id: body[0] * 256 + body[1], code: body[2] } : null;
    case 12:
      return { kind: "pingreq" };
    case 13:
      return { kind: "pingresp" };
    case 14:
      return { kind: "disconnect" };
    default:
      return null;
  }
}

function encodeConnect(packet: Extract<Packet, { kind: "connect" }>): Uint8Array {
  const flags = 0xc2 | (packet.will ? 0x04 : 0);
  const parts = [
    octets([0, 4, 0x4d, 0x51, 0x54, 0x54, 4, flags, packet.keepAlive >> 8, packet.keepAlive & 255]),
    prefixed(latinBytes(packet.clientId)),
  ];
  if (packet.will) {
    parts.push(prefixed(latinBytes(packet.will.topic)));
    parts.push(prefixed(packet.will.payload));
  }
  parts.push(prefixed(latinBytes(packet.user)));
  parts.push(prefixed(packet.password));
  return framed(0x10, concat(parts));
}

function decodeConnect(body: Uint8Array): Packet | null {
  if (textAt(body, 0) !== "MQTT" || body[6] !== 4) return null;
  const flags = body[7];
  const keepAlive = body[8] * 256 + body[9];
  const fields: string[] = [];
  let at = 10;
  const wanted = 1 + (flags & 0x04 ? 2 : 0) + (flags & 0x80 ? 1 : 0) + (flags & 0x40 ? 1 : 0);
  for (let i = 0; i < wanted; i++) {
    const field = textAt(body, at);
    if (field === null) return null;
    fields.push(field);
    at += 2 + field.length;
  }
  let next = 1;
  const will = flags & 0x04 ? { topic: fields[next++], payload: latinBytes(fields[next++]) } : null;
  const user = flags & 0x80 ? fields[next++] : "";
  const password = flags & 0x40 ? latinBytes(fields[next]) : NO_BYTES;
  return { kind: "connect", clientId: fields[0], keepAlive: keepAlive, user: user, password: password, will: will };
}

function framed(first: number, body: Uint8Array): Uint8Array {
  const head = [first];
  let rest = body.length;
  do {
    head.push((rest % 128) + (rest >= 128 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return concat([octets(head), body]);
}

function prefixed(bytes: Uint8Array): Uint8Array {
  return concat([octets([bytes.length >> 8, bytes.length & 255]), bytes]);
}

function textAt(body: Uint8Array, at: number): string | null {
  if (body.length < at + 2) return null;
  const length = body[at] * 256 + body[at + 1];
  return body.length < at + 2 + length ? null : latinText(copyOf(body, at + 2, at + 2 + length));
}
