import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A real interpreter, made by hand from Espruino's sources (their Linux target); tests that need one are skipped when there is none. */
export const interpreter = process.env.ESPRUINO_BIN;

/** "" when the interpreter can be run, else why not: it stands in the titles of the tests that are skipped. */
export function whyNoInterpreter(): string {
  if (interpreter === undefined || interpreter === "") return "ESPRUINO_BIN names no interpreter";
  return existsSync(interpreter) ? "" : `there is no ${interpreter}`;
}

const chunkBytes = 4096;
/** A flash that is full of old images would be compacted: each run has its own. */
const patienceMs = 60_000;

/** Puts the code into flash as firmware is put there, a piece at a time: a script is held in variables while it runs, a boot image is not. */
function install(folder: string, code: string): void {
  for (let at = 0; at < code.length; at += chunkBytes) {
    const script = join(folder, "install.js");
    const piece = JSON.stringify(code.slice(at, at + chunkBytes));
    writeFileSync(script, `require("Storage").write(".bootcde",${piece},${at},${code.length});print("wrote "+${at});`, "latin1");
    // Standard input must stay open: at its end the interpreter reads noise. A pipe that nobody closes before the exit does that.
    const { stdout } = spawnSync(interpreter!, [script], {
      cwd: folder,
      encoding: "latin1",
      stdio: ["pipe", "pipe", "inherit"],
      input: "",
    });
    if (!stdout.includes(`wrote ${at}`)) throw new Error(`could not write ${code.length} bytes into flash:\n${stdout}`);
  }
}

/** Boots ASCII code from flash and returns the lines printed up to and including the first that `isLast` accepts. */
export async function boot(code: string, isLast: (line: string) => boolean): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-espruino-"));
  try {
    install(folder, code);
    return await readLines(folder, isLast);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readLines(folder: string, isLast: (line: string) => boolean): Promise<string[]> {
  return new Promise((resolve, reject) => {
    // Without a script it is a board: it boots from the flash file of its folder and never ends by itself.
    const board = spawn(interpreter!, [], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
    let text = "";
    const finish = (done: () => void): void => {
      clearTimeout(timer);
      board.kill("SIGKILL");
      done();
    };
    const timer = setTimeout(() => finish(() => reject(new Error(`no last line after ${patienceMs} ms:\n${text}`))), patienceMs);
    board.on("error", (error) => finish(() => reject(error)));
    board.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
      const lines = text.split("\n").map((line) => line.replace(/\x1b\[\??[0-9;]*[A-Za-z]|\r/g, ""));
      const last = lines.slice(0, -1).findIndex(isLast);
      if (last >= 0) finish(() => resolve(lines.slice(0, last + 1)));
    });
  });
}
