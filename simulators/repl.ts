/**
 * The twin of Espruino's line editor (src/jsinteractive.c): what a technician's cable meets. Echoes what is typed unless the line begins with the byte 16,
 * prints a value behind `=`, clears a half-typed line on Ctrl-C, says who it is on Ctrl-E, and says nothing at all once the program has closed its console.
 */
import { byteString } from "./board-bytes.js";
import type { Board, BoardConsole } from "./board.js";
import type { Clock } from "./clock.js";

const CTRL_C = 3;
const CTRL_E = 5;
const DLE = 16;
const NEWLINE = 10;
/** How soon a board that is just starting is asked again; its UART keeps what came meanwhile. */
const AGAIN_MS = 20;

export interface Repl {
  connect(send: (bytes: Uint8Array) => void): void;
  receive(bytes: Uint8Array): void;
  /** Lines that were executed since the board was made. */
  readonly lines: readonly string[];
  /** After so many more lines the cable is out: nothing goes through until it is set again. −1: it stays in. */
  unplugAfter: number;
}

interface Editor {
  line: string;
  quiet: boolean;
}

/** Of a board with a console; it hangs on whatever `connect` is given: a pseudo-terminal, a socket. */
export function createRepl(board: Board, clock: Clock): Repl {
  const consoleOf = board.console as BoardConsole;
  const editor: Editor = { line: "", quiet: false };
  const lines: string[] = [];
  const held: number[] = [];
  let send: (bytes: Uint8Array) => void = () => undefined;
  let waiting = false;

  function say(text: string): void {
    if (repl.unplugAfter !== 0 && consoleOf.open) send(new Uint8Array(Buffer.from(text, "latin1")));
  }
  consoleOf.listen((line) => say(line.replaceAll("\n", "\r\n") + "\r\n"));

  function enter(): boolean {
    const { line, quiet } = editor;
    const ran =
      line.trim() === "" ||
      consoleOf.run(line, (value) => {
        if (!quiet) say(`=${printedValue(value)}\r\n`);
      });
    if (!ran) return false;
    lines.push(line);
    Object.assign(editor, { line: "", quiet: false });
    if (repl.unplugAfter > 0) repl.unplugAfter--;
    say(">");
    return true;
  }

  /** `false`: the board is not there yet, and the byte must come again. */
  function take(byte: number): boolean {
    if (byte === NEWLINE) return enter();
    if (byte === DLE && editor.line === "") editor.quiet = true;
    else if (byte === CTRL_E && editor.line === "") say("Espruino 2v29.277 TWIN\r\n");
    else if (byte >= 32) {
      editor.line += byteString(new Uint8Array([byte]));
      if (!editor.quiet) say(String.fromCharCode(byte));
    }
    return true;
  }

  function work(): void {
    waiting = false;
    while (held.length > 0) {
      if (!take(held[0])) {
        waiting = true;
        clock.after(AGAIN_MS, work);
        return;
      }
      held.shift();
    }
  }

  const repl: Repl = {
    lines,
    unplugAfter: -1,
    connect: (back) => void (send = back),
    receive(bytes) {
      if (repl.unplugAfter === 0 || !consoleOf.open) return;
      for (const byte of bytes) {
        // Taken in an interrupt, ahead of everything that waits.
        if (byte === CTRL_C) {
          held.length = 0;
          Object.assign(editor, { line: "", quiet: false });
        } else held.push(byte);
      }
      if (!waiting) work();
    },
  };
  return repl;
}

function printedValue(value: unknown): string {
  return value === undefined ? "undefined" : JSON.stringify(value);
}
