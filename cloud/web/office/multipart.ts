/** A form with a file in it (RFC 7578), read whole: the office's are small, and their reader is known before the first byte is taken. */

export interface FilePart {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Fields by name, a file as {@link FilePart}; a name that comes again makes a list. `null` when it is no such form. */
export function parseMultipart(body: Buffer, contentType: string): Record<string, unknown> | null {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i.exec(contentType);
  if (!boundary) return null;
  const mark = Buffer.from("\r\n--" + (boundary[1] ?? boundary[2]));
  const all = Buffer.concat([Buffer.from("\r\n"), body]);
  const fields: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  let at = all.indexOf(mark);
  while (at >= 0) {
    const from = at + mark.length;
    if (all.toString("latin1", from, from + 2) === "--") return fields;
    const next = all.indexOf(mark, from);
    const head = all.indexOf("\r\n\r\n", from);
    if (next < 0 || head < 0 || head > next) return null;
    const headers = all.toString("utf8", from, head);
    const name = /\bname="([^"]*)"/i.exec(headers)?.[1];
    const file = /\bfilename="([^"]*)"/i.exec(headers)?.[1];
    if (name === undefined) return null;
    const bytes = all.subarray(head + 4, next);
    add(fields, name, file === undefined ? bytes.toString("utf8") : { name: file, bytes: new Uint8Array(bytes) });
    at = next;
  }
  return null;
}

function add(fields: Record<string, unknown>, name: string, value: unknown): void {
  const before = fields[name];
  if (before === undefined) fields[name] = value;
  else fields[name] = Array.isArray(before) ? [...(before as unknown[]), value] : [before, value];
}
