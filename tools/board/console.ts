/**
 * A board's console, asked for values. Each question is a line of JavaScript behind the byte 16, which switches Espruino's echo off for that line; the
 * answer stands between the bytes 2 and 3, which no line that is sent contains, so neither echo nor what the board prints by itself is mistaken for it.
 */
import { BoardTrouble, openLine, type Line, type Where } from "./line.js";
import type { Words } from "./words.en.js";

/** The board said that it could not: its own words. */
export class Refused extends Error {}

/** No answer came; the question may have been carried out or not. */
export class Silence extends Error {}

export interface BoardConsole {
  /** Value of an expression, through JSON; strings are one character a byte. Throws {@link Refused}, {@link Silence}. */
  ask(expression: string, withinMs?: number): Promise<unknown>;
  /** Stops the program, which stays in flash: its memory is needed, and its functions must not run while their text changes. */
  reset(): Promise<void>;
  /** Starts the board anew, program and all; the console may be closed by it. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** How long a board may take: for an answer, and to be there at all. */
export interface Patience {
  readonly answerMs: number;
  readonly knockMs: number;
}

const USUAL: Patience = { answerMs: 3000, knockMs: 5000 };
const ATTENTION_MS = 400;
/** The longest that the interpreter takes to end its program and greet. */
const RESET_MS = 5000;
const LOOK_MS = 50;
const LEAVE_MS = 200;

type Answer = { readonly kind: "value"; readonly text: string } | { readonly kind: "trouble"; readonly text: string };

/** Opens the cable and waits until somebody answers. Rejects with {@link BoardTrouble} when nobody does. */
export async function openConsole(where: Where, words: Words, patience = USUAL): Promise<BoardConsole> {
  const line = await openLine(where, words);
  const desk = openDesk(line, patience.answerMs);
  for (let spentMs = 0; ; spentMs += ATTENTION_MS) {
    desk.attract();
    try {
      await desk.ask("1", ATTENTION_MS);
      return { ...desk.parts, close: () => line.close() };
    } catch {
      if (spentMs < patience.knockMs) continue;
      await line.close();
      throw new BoardTrouble(words.noAnswer(line.name));
    }
  }
}

function openDesk(line: Line, answerMs: number) {
  let heard = "";
  let told: ((answer: Answer) => void) | null = null;
  let isGone = false;
  line.onGone(() => (isGone = true));
  line.hear((text) => {
    heard += text;
    const begin = heard.indexOf("\x02");
    const end = heard.indexOf("\x03", begin);
    if (begin < 0) heard = "";
    if (begin < 0 || end < 0) return;
    const found = heard.slice(begin + 1, end);
    heard = heard.slice(end + 1);
    told?.(found.startsWith("!") ? { kind: "trouble", text: found.slice(1) } : { kind: "value", text: found });
  });

  async function ask(expression: string, withinMs = answerMs): Promise<unknown> {
    if (isGone) throw new Silence("the cable is out");
    const answer = await new Promise<Answer | null>((done) => {
      const late = setTimeout(() => done(null), withinMs);
      told = (one) => {
        clearTimeout(late);
        done(one);
      };
      heard = "";
      // `undefined` has no JSON.
      line.send(`\x10try{print("\\x02"+JSON.stringify([${expression}])+"\\x03")}catch(e){print("\\x02!"+e+"\\x03")}\n`);
    });
    told = null;
    if (!answer) throw new Silence(expression.slice(0, 60));
    if (answer.kind === "trouble") throw new Refused(answer.text);
    return (JSON.parse(answer.text) as unknown[])[0];
  }
  /** Ctrl-C takes away what somebody has half typed, a cut-off line of ours for example. */
  function attract(): void {
    line.send("\x03");
  }
  function command(text: string): void {
    line.send(`\x10${text}\n`);
  }
  async function reset(): Promise<void> {
    // Lines behind it may still be run by the old life: a mark tells one from the other.
    command("var oldLife=1;reset();");
    for (let spentMs = 0; ; spentMs += ATTENTION_MS) {
      const life = await ask("typeof oldLife", ATTENTION_MS).catch((error: Error) => {
        if (spentMs > RESET_MS || !(error instanceof Silence)) throw error;
        return null;
      });
      if (life === "undefined") return;
      await new Promise((done) => setTimeout(done, LOOK_MS));
    }
  }
  async function restart(): Promise<void> {
    command("load();");
    // The cable must not be closed before it has left.
    await new Promise((done) => setTimeout(done, LEAVE_MS));
  }
  return { ask, attract, parts: { ask, reset, restart } };
}
