/** A word from the keyboard that does not appear on the screen. */
import { createInterface } from "node:readline";
import { Writable } from "node:stream";

/** "" when nobody sits at a keyboard. */
export async function askSecret(question: string): Promise<string> {
  if (!process.stdin.isTTY) return "";
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true });
  const answer = await new Promise<string>((done) => reader.question("", done));
  reader.close();
  process.stderr.write("\n");
  return answer;
}
