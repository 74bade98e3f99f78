/** ZIP archives (PKWARE APPNOTE 6.3), as far as spreadsheets need them: stored and deflated files, no encryption, no ZIP64. */
import { deflateRawSync, inflateRawSync } from "node:zlib";

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_BYTES = 22;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const LONGEST_COMMENT = 65535;
const DEFLATED = 8;
/** UTF-8 names (APPNOTE 4.4.4, bit 11). */
const UTF8 = 0x800;
/** All files unpacked: a sheet of 100 000 rows stays below, what unfolds for ever does not, in one file or in many. */
const LARGEST = 200_000_000;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ CRC_TABLE[(crc ^ byte) & 255];
  return (crc ^ 0xffffffff) >>> 0;
}

/** Files by name; `null` when these bytes are no archive that we can read. */
export function readZip(bytes: Uint8Array): Map<string, Uint8Array> | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOf(buffer);
  if (end === null) return null;
  try {
    const files = new Map<string, Uint8Array>();
    let room = LARGEST;
    let at = buffer.readUInt32LE(end + 16);
    for (let left = buffer.readUInt16LE(end + 10); left > 0; left--) {
      if (buffer.readUInt32LE(at) !== CENTRAL) return null;
      const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) => buffer.readUInt16LE(at + offset));
      const name = buffer.toString("utf8", at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameBytes);
      const [local, method, size] = [buffer.readUInt32LE(at + 42), buffer.readUInt16LE(at + 10), buffer.readUInt32LE(at + 20)];
      const file = unpacked(buffer, { local, method, size, room });
      room -= file.length;
      files.set(name, file);
      at += CENTRAL_BYTES + nameBytes + extraBytes + commentBytes;
    }
    return files;
  } catch {
    // Cut off, damaged or larger than it may be: it is no archive for us.
    return null;
  }
}

function endOf(buffer: Buffer): number | null {
  for (let at = buffer.length - END_BYTES; at >= Math.max(0, buffer.length - END_BYTES - LONGEST_COMMENT); at--) {
    if (buffer.readUInt32LE(at) === END) return at;
  }
  return null;
}

interface Packed {
  readonly local: number;
  readonly method: number;
  readonly size: number;
  /** Bytes that may still be unpacked. */
  readonly room: number;
}

function unpacked(buffer: Buffer, { local, method, size, room }: Packed): Uint8Array {
  if (room <= 0) throw new Error("larger than it may be");
  if (buffer.readUInt32LE(local) !== LOCAL) throw new Error("no file begins here");
  const from = local + LOCAL_BYTES + buffer.readUInt16LE(local + 26) + buffer.readUInt16LE(local + 28);
  const packed = buffer.subarray(from, from + size);
  return new Uint8Array(method === DEFLATED ? inflateRawSync(packed, { maxOutputLength: room }) : packed);
}

/** Always the same bytes for the same files: the time in it is the first that an archive can name. */
export function writeZip(files: readonly { readonly name: string; readonly text: string }[]): Uint8Array {
  const parts: Buffer[] = [];
  const index: Buffer[] = [];
  let at = 0;
  for (const { name, text } of files) {
    const bytes = Buffer.from(text);
    const packed = deflateRawSync(bytes);
    const label = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(UTF8, 2);
    common.writeUInt16LE(DEFLATED, 4);
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(label.length, 22);
    parts.push(uint32(LOCAL), common, label, packed);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    index.push(uint32(CENTRAL), Buffer.from([20, 0]), common, tail, label);
    at += LOCAL_BYTES + label.length + packed.length;
  }
  const indexBytes = index.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(indexBytes, 8);
  end.writeUInt32LE(at, 12);
  return new Uint8Array(Buffer.concat([...parts, ...index, uint32(END), end]));
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
