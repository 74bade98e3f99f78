/** Work on a board that outlives a cable that comes out: it is begun again, and what is done is found done. */
import { openConsole, Silence, type BoardConsole, type Patience } from "./console.js";
import { BoardTrouble, type Where } from "./line.js";
import type { Words } from "./words.en.js";

/** How often a cable may come out before somebody had better look at it. */
const TRIES = 12;
const AGAIN_MS = 1000;

/** `work` gets the board with its program stopped, and must be able to begin anew after any of its steps. */
export async function persist<T>(where: Where, words: Words, work: (board: BoardConsole) => Promise<T>, patience?: Patience): Promise<T> {
  for (let tries = 0; ; tries++) {
    let board: BoardConsole | null = null;
    try {
      board = await openConsole(where, words, patience);
      await board.reset();
      return await work(board);
    } catch (error) {
      // The first time round nobody may be there at all: that is told at once.
      const isPassing = error instanceof Silence || (tries > 0 && error instanceof BoardTrouble && board === null);
      if (!isPassing || tries === TRIES) throw error instanceof Silence ? new BoardTrouble(words.cableGone) : error;
      console.error(words.brokenLine);
      await new Promise((done) => setTimeout(done, AGAIN_MS));
    } finally {
      await board?.close();
    }
  }
}
