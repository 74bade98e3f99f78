/** What a school has been told and its gateway has not carried out yet. While the school is away this can be a day's wishes. */
import { decodeEntry, decodeWhole, directiveSchema } from "@trapeza/protocol";
import type { Directive } from "@trapeza/protocol";
import type { Library } from "./school-book.js";
import type { Store } from "./store/store.js";

const ROWS_A_PAGE = 2000;

/** In the order in which they will be carried out. */
export async function underwayIn({ store, library }: { store: Store; library: Library }, school: number): Promise<Directive[]> {
  const { state } = await library.book(school);
  const found: Directive[] = [];
  for (let from = state.directives; ;) {
    const rows = await store.directives(school, from, ROWS_A_PAGE);
    for (const { bytes } of rows) {
      const directive = directiveIn(bytes);
      if (directive) found.push(directive);
    }
    if (rows.length < ROWS_A_PAGE) return found;
    from += rows.length;
  }
}

/** The directive of an entry of a school's log; null when it is none. */
export function directiveIn(entry: Uint8Array): Directive | null {
  const opened = decodeEntry(entry);
  const read = opened.ok ? decodeWhole(directiveSchema, opened.value.event) : opened;
  return read.ok && "kind" in read.value ? read.value : null;
}
