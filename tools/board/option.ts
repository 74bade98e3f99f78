/** What the commands that work on a real board have in common on their command lines. */
import { imageKinds } from "../build.js";
import { BoardTrouble, type Where } from "./line.js";
import { ENGLISH, type Words } from "./words.en.js";
import { RUSSIAN } from "./words.ru.js";

export type Kind = (typeof imageKinds)[number];

export const cableOptions = {
  port: { type: "string" },
  tcp: { type: "string" },
  baud: { type: "string", default: "115200" },
} as const;

/** The language of whoever sits at this machine. */
export function wordsHere(): Words {
  return process.env.LANG?.startsWith("ru") ? RUSSIAN : ENGLISH;
}

export function cableOf(values: { readonly port?: string; readonly tcp?: string; readonly baud: string }, words: Words): Where {
  const baud = Number(values.baud);
  if (!Number.isInteger(baud) || baud < 300 || baud > 3_000_000) throw new BoardTrouble(words.badBaud(values.baud));
  if (values.port === undefined && values.tcp === undefined) throw new BoardTrouble(words.whichCable);
  return { port: values.port ?? null, tcp: values.tcp ?? null, baud };
}

export function kindOf(given: string | undefined, words: Words): Kind {
  if (given === undefined) throw new BoardTrouble(words.whichKind(imageKinds));
  const kind = imageKinds.find((one) => one === given);
  if (!kind) throw new BoardTrouble(words.badKind(given, imageKinds));
  return kind;
}

/** Runs a command; what a person can put right is one sentence and exit code 1. */
export async function told(work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof BoardTrouble)) throw error;
    console.error(error.message);
    return 1;
  }
}
