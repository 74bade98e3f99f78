/** Files of a board's Storage, written a piece at a time and read back by hash, so that a broken line costs one piece. */
import { createHash } from "node:crypto";
import { BoardTrouble } from "./line.js";
import { Refused, type BoardConsole } from "./console.js";
import type { Words } from "./words.en.js";

/** A flash page: what is compared at a time. */
const BLOCK_BYTES = 4096;
/** A line of so many bytes in base64 costs the board some two hundred variables while it runs. */
const PIECE_BYTES = 512;
/** Enough of a SHA-256 to tell that a cable has lost a letter. */
const HASH_BYTES = 8;
const SLOW_MS = 15_000;
/** Two attempts at a file whose flash held something else. */
const TRIES = 2;

export interface BoardFile {
  readonly name: string;
  readonly data: Uint8Array;
}

export type Progress = (name: string, done: number, all: number) => void;

function literal(name: string): string {
  return JSON.stringify(name);
}

/** Size of a file on the board, −1 when there is none. */
async function sizeOf(board: BoardConsole, name: string): Promise<number> {
  return (await board.ask(`(require("Storage").read(${literal(name)})||"").length||-1`)) as number;
}

/** Blank: erased, never written. */
type State = "same" | "blank" | "other";

/** How a stretch of a file compares with what it should be. */
async function compare(board: BoardConsole, { name, data }: BoardFile, at: number, bytes: number): Promise<State> {
  const wanted = data.subarray(at, at + bytes);
  const read = `require("Storage").read(${literal(name)},${at},${wanted.length})`;
  const hash = `new Uint8Array(require("crypto").SHA256(${read})).slice(0,${HASH_BYTES})`;
  const found = String(await board.ask(hash));
  const hashOf = (bytes: Uint8Array): string => String([...createHash("sha256").update(bytes).digest().subarray(0, HASH_BYTES)]);
  if (found === hashOf(wanted)) return "same";
  return found === hashOf(new Uint8Array(wanted.length).fill(0xff)) ? "blank" : "other";
}

async function writePiece(board: BoardConsole, { name, data }: BoardFile, at: number): Promise<void> {
  const piece = Buffer.from(data.subarray(at, at + PIECE_BYTES)).toString("base64");
  const order = `require("Storage").write(${literal(name)},atob("${piece}"),${at},${data.length})`;
  // The first piece may make Storage tidy itself up, which takes seconds.
  await (at === 0 ? board.ask(order, SLOW_MS) : board.ask(order));
}

/** Brings a block from blank, or from half-way, to what it should be. */
async function writeBlock(board: BoardConsole, file: BoardFile, from: number, isBlank: boolean): Promise<State> {
  const end = Math.min(from + BLOCK_BYTES, file.data.length);
  for (let at = from; at < end; at += PIECE_BYTES) {
    const state = isBlank ? "blank" : await compare(board, file, at, PIECE_BYTES);
    if (state === "other") return state;
    if (state === "blank") await writePiece(board, file, at);
  }
  return compare(board, file, from, BLOCK_BYTES);
}

/** "same": nothing had to be written. "written": all of it is there now and has been read back. Throws {@link BoardTrouble} when it will not stay. */
export async function putFile(board: BoardConsole, file: BoardFile, words: Words, progress: Progress): Promise<"same" | "written"> {
  const { name, data } = file;
  let why = words.otherContent;
  for (let tries = 0; tries < TRIES; tries++) {
    const found = await sizeOf(board, name);
    if (found >= 0 && found !== data.length) await board.ask(`require("Storage").erase(${literal(name)})`, SLOW_MS);
    const result = await fill(board, file, found === data.length, progress).catch((error: Error) => {
      if (!(error instanceof Refused)) throw error;
      why = error.message;
      return "other" as const;
    });
    if (result !== "other") return result;
    await board.ask(`require("Storage").erase(${literal(name)})`, SLOW_MS);
  }
  throw new BoardTrouble(words.cannotWrite(name, why));
}

async function fill(board: BoardConsole, file: BoardFile, exists: boolean, progress: Progress): Promise<"same" | "written" | "other"> {
  const { name, data } = file;
  let result: "same" | "written" = "same";
  for (let at = 0; at < data.length; at += BLOCK_BYTES) {
    const state = exists ? await compare(board, file, at, BLOCK_BYTES) : "blank";
    if (state !== "same") {
      if ((await writeBlock(board, file, at, state === "blank")) !== "same") return "other";
      exists = true;
      result = "written";
    }
    progress(name, Math.min(at + BLOCK_BYTES, data.length), data.length);
  }
  return result;
}

/** Takes a file away if it is there. */
export async function eraseFile(board: BoardConsole, name: string): Promise<void> {
  if ((await sizeOf(board, name)) >= 0) await board.ask(`require("Storage").erase(${literal(name)})`, SLOW_MS);
}
