/**
 * Limits on the size of MQTT packets and on how many come in a second, which the broker's own parser does not have: it would gather a packet of 256 MB in
 * memory before asking who sent it, and take as much of the processor as somebody has to say.
 */
import type { Socket } from "node:net";

/** Scans fixed headers (OASIS mqtt-v3.1.1 §2.2) as bytes pass: how many packets begin in a chunk, −1 from the chunk on in which one begins that is too long. */
export function createPacketScan(maxBytes: number): (chunk: Uint8Array) => number {
  let skip = 0;
  let inLength = false;
  let length = 0;
  let scale = 1;
  let over = false;
  return (chunk) => {
    let begun = 0;
    for (let at = 0; at < chunk.length && !over;) {
      if (skip > 0) {
        const step = Math.min(skip, chunk.length - at);
        skip -= step;
        at += step;
      } else if (!inLength) {
        [inLength, length, scale] = [true, 0, 1];
        begun++;
        at++;
      } else {
        const byte = chunk[at++];
        length += (byte & 127) * scale;
        scale *= 128;
        if (length > maxBytes || scale > 268435456) over = true;
        else if (byte < 128) {
          inLength = false;
          skip = length;
        }
      }
    }
    return over ? -1 : begun;
  };
}

export interface PacketLimits {
  readonly maxBytes: number;
  /** Packets; a second's worth may come at once. */
  readonly perSecond: number;
}

/**
 * Puts the scan between a socket and whoever calls its `read`: a wrapping stream would copy every byte of every tap. Who says too much is not read until it
 * is due again, so it waits in its own system's buffers, and nobody else waits for it.
 */
export function limitPackets(socket: Socket, { maxBytes, perSecond }: PacketLimits, nowMs: () => number = () => performance.now()): void {
  const scan = createPacketScan(maxBytes);
  const read = socket.read.bind(socket);
  let allowance = perSecond;
  let sinceMs = nowMs();
  let timer: NodeJS.Timeout | null = null;
  const goOn = (): void => {
    timer = null;
    if (!socket.destroyed) socket.emit("readable");
  };
  socket.read = (size?: number) => {
    const now = nowMs();
    allowance = Math.min(perSecond, allowance + ((now - sinceMs) * perSecond) / 1000);
    sinceMs = now;
    if (allowance < 0) {
      timer ??= setTimeout(goOn, Math.ceil((-allowance * 1000) / perSecond)).unref();
      return null;
    }
    const chunk: Buffer | null = read(size);
    const begun = chunk ? scan(chunk) : 0;
    allowance -= begun;
    if (begun >= 0) return chunk;
    socket.destroy(new Error("packet too long"));
    return null;
  };
}
