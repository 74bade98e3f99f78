/** Somebody at the bench without a browser: sees what the page is told and does what the page can do, over the same socket. For tests and scripts. */
import { WebSocket } from "ws";
import type { Inscription } from "../board-screen.js";
import type { Action } from "./action.js";
import type { DrawnLine } from "./paper.js";

export interface Visitor {
  /** What stands on a terminal's screen. */
  read(terminal: number): string[];
  /** The newest paper of a terminal that is not empty, line by line; none yet: no lines. */
  paper(terminal: number): string[];
  /** Waits until `text` stands on the screen; throws with the whole screen when it does not come in time. */
  until(terminal: number, text: string): Promise<void>;
  /** Touches what is written so. */
  press(terminal: number, label: string): Promise<void>;
  /** Holds the card of that label to the reader for a second. */
  tap(terminal: number, label: string): void;
  insert(terminal: number, valueKopecks: number): void;
  close(): void;
}

const LOOK_MS = 40;
const TOUCH_MS = 150;
const PATIENCE_MS = 30_000;

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** `address` is the bench's, "http://127.0.0.1:8090". */
export async function visitBench(address: string): Promise<Visitor> {
  const page = await (await fetch(address)).text();
  const data = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page);
  const { cards } = JSON.parse(data?.[1] ?? "{}") as { cards: { label: string }[] };
  const written = new Map<number, Inscription[]>();
  const papers = new Map<number, DrawnLine[][]>();
  const socket = new WebSocket(address.replace("http", "ws") + "/socket?lang=ru");
  socket.on("message", (message: Buffer, isBinary) => {
    if (isBinary) return;
    const told = JSON.parse(message.toString()) as { kind: string; terminal: number; written: Inscription[]; receipts: DrawnLine[][] };
    if (told.kind === "view") written.set(told.terminal, told.written);
    if (told.kind === "paper") papers.set(told.terminal, told.receipts);
  });
  await new Promise((done, failed) => socket.once("open", done).once("error", failed));

  const act = (action: Action): void => socket.send(JSON.stringify(action));
  const read = (terminal: number): string[] => (written.get(terminal) ?? []).map((one) => one.text.trim());
  const lost = (terminal: number, what: string): Error =>
    new Error(`terminal ${terminal}: ${what}; it shows: ${read(terminal).join(" | ")}`);

  return {
    read,
    paper(terminal) {
      const newest = (papers.get(terminal) ?? []).find((lines) => lines.length > 0) ?? [];
      return newest.map((line) => (line.kind === "qr" ? line.text : line.spans.map((span) => span.text).join("")));
    },
    async until(terminal, text) {
      for (const end = Date.now() + PATIENCE_MS; !read(terminal).some((one) => one.includes(text)); await wait(LOOK_MS))
        if (Date.now() > end) throw lost(terminal, `"${text}" did not come`);
    },
    async press(terminal, label) {
      const word = written.get(terminal)?.findLast((one) => one.text.trim() === label);
      if (!word) throw lost(terminal, `there is nothing to press called "${label}"`);
      act({ kind: "touch", terminal, x: (word.left + word.right) >> 1, y: (word.top + word.bottom) >> 1 });
      await wait(TOUCH_MS);
      act({ kind: "release", terminal });
      await wait(TOUCH_MS);
    },
    tap(terminal, label) {
      const card = cards.findIndex((one) => one.label === label);
      if (card < 0) throw new Error(`no card is called "${label}"`);
      act({ kind: "present", terminal, card, stay: false });
    },
    insert: (terminal, valueKopecks) => act({ kind: "insert", terminal, valueKopecks }),
    close: () => socket.terminate(),
  };
}
