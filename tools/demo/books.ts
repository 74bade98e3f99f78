/** Where the bench reads what the school's two books say: the journal's file, read beside the gateway that writes it, and the cloud's ledger. */
import { join } from "node:path";
import type { Store } from "@trapeza/cloud";
import { lookAtJournalFile } from "@trapeza/gateway";
import { decodeWhole, eventSchema } from "@trapeza/protocol";
import type { Event } from "@trapeza/protocol";
import type { Books } from "@trapeza/simulators";

/** The demonstration's gateway has one epoch in all its life. */
const EPOCH = 1;
const PAGE = 500;

export function openBooks(gatewayDir: string, store: Store, school: number): Books {
  const path = join(gatewayDir, "journal.sqlite");
  // Opened for each look: parts of the file that begin later are seen, too, and nothing keeps it from being folded.
  function look<T>(read: (file: ReturnType<typeof lookAtJournalFile>) => T): T {
    const file = lookAtJournalFile(path);
    try {
      return read(file);
    } finally {
      file.close();
    }
  }
  return {
    epoch: EPOCH,
    size: () => look((file) => file.ends().entry),
    stored: (from) =>
      look((file) => {
        const events: Event[] = [];
        for (const { event } of file.entriesFrom(from)) {
          const read = decodeWhole(eventSchema, event);
          if (read.ok) events.push(read.value);
        }
        return events;
      }),
    booked: async () => (await store.lastCheckpoint(school, EPOCH))?.size ?? 0,
    transactions: (after) => store.transactions(school, after, PAGE),
  };
}
