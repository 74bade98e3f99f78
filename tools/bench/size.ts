/** How long the same content would be in other clothes. Numbers are whole, bytes are given as lower-case hex where the wire carries raw bytes. */

/** Raw bytes, which JSON has to spell as hex. */
export class Raw {
  constructor(readonly length: number) {}
}

export type Content = number | string | boolean | null | Raw | readonly Content[] | { readonly [name: string]: Content };

function isList(content: Content): content is readonly Content[] {
  return Array.isArray(content);
}

/** JSON without blanks, UTF-8. */
export function jsonBytes(content: Content): number {
  const plain = (one: Content): unknown => {
    if (one instanceof Raw) return "0".repeat(one.length * 2);
    if (isList(one)) return one.map(plain);
    return typeof one === "object" && one !== null
      ? Object.fromEntries(Object.entries(one).map(([name, inner]) => [name, plain(inner)]))
      : one;
  };
  return Buffer.byteLength(JSON.stringify(plain(content)));
}

/** The head of a CBOR item with this argument (RFC 8949 §3). */
function cborHead(argument: number): number {
  if (argument < 24) return 1;
  if (argument < 0x100) return 2;
  if (argument < 0x10000) return 3;
  return argument < 0x100000000 ? 5 : 9;
}

/** CBOR with names as text keys, as a schemaless sender would write it. */
export function cborBytes(content: Content): number {
  if (content === null || typeof content === "boolean") return 1;
  if (typeof content === "number") return cborHead(content < 0 ? -1 - content : content);
  if (typeof content === "string") return cborHead(Buffer.byteLength(content)) + Buffer.byteLength(content);
  if (content instanceof Raw) return cborHead(content.length) + content.length;
  if (isList(content)) return content.reduce<number>((sum, one) => sum + cborBytes(one), cborHead(content.length));
  const entries = Object.entries(content);
  return entries.reduce((sum, [name, one]) => sum + cborBytes(name) + cborBytes(one), cborHead(entries.length));
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) bytes++;
  return bytes;
}

/** Protocol Buffers, proto3: fields numbered from 1 in their order; zero, empty and false are left out; numbers in lists are packed; sint for negatives. */
export function protobufBytes(content: Content): number {
  if (content === null || typeof content !== "object" || content instanceof Raw || isList(content))
    throw new Error("a message is an object");
  return Object.values(content).reduce<number>((sum, one, i) => sum + fieldBytes(i + 1, one, false), 0);
}

function fieldBytes(number: number, content: Content, inList: boolean): number {
  const tag = varintBytes(number * 8);
  const delimited = (length: number): number => (length === 0 && !inList ? 0 : tag + varintBytes(length) + length);
  if (content === null || content === false || content === 0) return inList ? tag + 1 : 0;
  if (content === true) return tag + 1;
  if (typeof content === "number") return tag + varintBytes(content < 0 ? -content * 2 - 1 : content);
  if (typeof content === "string") return delimited(Buffer.byteLength(content));
  if (content instanceof Raw) return delimited(content.length);
  if (!isList(content)) return delimited(protobufBytes(content));
  if (content.every((one) => typeof one === "number"))
    return delimited(content.reduce<number>((sum, one) => sum + varintBytes(one as number), 0));
  return content.reduce<number>((sum, one) => sum + fieldBytes(number, one, true), 0);
}
