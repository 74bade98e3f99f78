/** Room for a program in a board's Storage, which fills from its front and is tidied up only when it is full. */
import type { BoardConsole } from "./console.js";
import { BoardTrouble } from "./line.js";
import type { Words } from "./words.en.js";

/** Behind this much of the partition lie the slots of later releases (firmware/README.md, "Flash map"). */
const USABLE_BYTES = 704 * 1024;
/** Each file is moved, a page at a time. */
const TIDY_MS = 120_000;
/** Words belong to one image and bear its hash: a new program leaves the old ones behind. */
const FAMILY = "/^words-/";

/** Takes away what older programs left, and tidies up when `bytes` more would not fit. Not to be called while a program runs. */
export async function makeRoom(board: BoardConsole, bytes: number, keep: readonly string[], words: Words): Promise<void> {
  for (const name of (await board.ask(`require("Storage").list(${FAMILY})`)) as string[]) {
    if (!keep.includes(name)) await board.ask(`require("Storage").erase(${JSON.stringify(name)})`);
  }
  const used = async (): Promise<{ readonly files: number; readonly trash: number }> => {
    const [files, trash] = (await board.ask('(function(s){return [s.fileBytes,s.trashBytes]})(require("Storage").getStats())')) as [
      number,
      number,
    ];
    return { files, trash };
  };
  let { files, trash } = await used();
  if (files + trash + bytes <= USABLE_BYTES) return;
  console.log(words.tidying);
  await board.ask('require("Storage").compact(),0', TIDY_MS);
  ({ files, trash } = await used());
  if (files + trash + bytes > USABLE_BYTES) throw new BoardTrouble(words.noRoom(USABLE_BYTES - files - trash, bytes));
}
