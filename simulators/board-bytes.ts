/** Data as Espruino takes and gives it: wherever bytes are wanted, a number, a byte string, an array or a buffer will do. */

/** What passes over a line is mostly shorter: a buffer of Node's would take longer to make than to read. */
const SHORT_BYTES = 16;
const SHORT_TEXT = 64;

/** The low 8 bits of each character. */
function latin(text: string): Uint8Array {
  if (text.length > SHORT_TEXT) return new Uint8Array(Buffer.from(text, "latin1"));
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Bytes of `data` by the rules of `jsvIterateCallback` (src/jsvariterator.c): arrays may nest, numbers and characters keep their low 8 bits. */
export function bytesOf(data: unknown): Uint8Array {
  // Nearly all there is: one buffer or one string. A simulated day has millions of them.
  if (Array.isArray(data) && data.length === 1) return bytesOf(data[0]);
  if (typeof data === "string") return latin(data);
  if (ArrayBuffer.isView(data) && "length" in data) return new Uint8Array(data as Uint8Array);
  const out: number[] = [];
  collect(data, out);
  return Uint8Array.from(out);
}

function collect(data: unknown, out: number[]): void {
  if (typeof data === "number" || typeof data === "boolean") out.push(Number(data) & 255);
  else if (typeof data === "string") for (let i = 0; i < data.length; i++) out.push(data.charCodeAt(i) & 255);
  else if (ArrayBuffer.isView(data)) {
    for (const byte of data as Uint8Array) out.push(byte & 255);
  } else if (isBuffer(data)) {
    for (const byte of new Uint8Array(data)) out.push(byte);
  } else if (Array.isArray(data)) {
    for (const item of data) collect(item, out);
  } else if (data !== undefined && data !== null) throw new TypeError(`Expecting something iterable, got ${typeof data}`);
}

/** The firmware's buffers belong to another realm, so `instanceof` would not know them. */
function isBuffer(data: unknown): data is ArrayBuffer {
  return Object.prototype.toString.call(data) === "[object ArrayBuffer]";
}

/** One character a byte, as every string on the chip. */
export function byteString(bytes: Uint8Array): string {
  if (bytes.length > SHORT_BYTES) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  return String.fromCharCode.apply(null, bytes as unknown as number[]);
}

/**
 * The bytes of a string that the firmware hands out. A character above 0xFF does not exist on the chip, where it would have become something else
 * long before; here it stops the program, so that no test passes by it.
 */
export function strictBytes(text: string, where: string): Uint8Array {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 255) throw new RangeError(`${where}: character ${text.charCodeAt(i)} at ${i} is no byte`);
  }
  return new Uint8Array(Buffer.from(text, "latin1"));
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

/** CRC-32 as ISO 3309 and zip files have it, unsigned. */
export function crc32(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (const byte of bytes) rest = CRC_TABLE[(rest ^ byte) & 255]! ^ (rest >>> 8);
  return ~rest >>> 0;
}
