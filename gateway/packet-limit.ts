/**
 * A limit on the size of MQTT packets, which the broker's own parser does not have: it would gather a packet of 256 MB in memory before asking who sent it.
 */
import type { Socket } from "node:net";

/** Scans fixed headers (OASIS mqtt-v3.1.1 §2.2) as bytes pass; `false` from the chunk on in which a packet begins that is too long. */
export function createPacketScan(maxBytes: number): (chunk: Uint8Array) => boolean {
  let skip = 0;
  let inLength = false;
  let length = 0;
  let scale = 1;
  let over = false;
  return (chunk) => {
    for (let at = 0; at < chunk.length && !over;) {
      if (skip > 0) {
        const step = Math.min(skip, chunk.length - at);
        skip -= step;
        at += step;
      } else if (!inLength) {
        [inLength, length, scale] = [true, 0, 1];
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
    return !over;
  };
}

/** Puts the scan between a socket and whoever calls its `read`: a wrapping stream would copy every byte of every tap. */
export function limitPackets(socket: Socket, maxBytes: number): void {
  const scan = createPacketScan(maxBytes);
  const read = socket.read.bind(socket);
  socket.read = (size?: number) => {
    const chunk: Buffer | null = read(size);
    if (!chunk || scan(chunk)) return chunk;
    socket.destroy(new Error("packet too long"));
    return null;
  };
}
