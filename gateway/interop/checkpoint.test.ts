import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import test from "ava";
import { cosignCheckpoint, formatNote, formatVerifierKey, parseNote } from "@trapeza/protocol";
import { cosigner, filledJournal, ORIGIN, signer, testPath } from "../journal/_journal.test.js";

const SCRIPT = fileURLToPath(new URL("../../interop/checkpoint.py", import.meta.url));
const hasPython = spawnSync("python3", ["--version"]).status === 0;
const title = (what: string): string => (hasPython ? what : `${what} (there is no python3; to have it: apt-get install python3)`);
const run = hasPython ? test : test.skip;

const KEYS = [formatVerifierKey(signer.key), formatVerifierKey(cosigner.key)];

/** A checkpoint of a journal on a disk, cosigned by the cloud, as it goes over the wire. */
function cosigned(): string {
  const journal = filledJournal(testPath(), 13);
  const note = parseNote(journal.checkpoint(Number.POSITIVE_INFINITY).note);
  journal.close();
  if (!note.ok) throw new Error("our own checkpoint cannot be read");
  return formatNote(cosignCheckpoint(note.value, cosigner, 1_795_000_000));
}

function ask(note: string, keys: readonly string[] = KEYS): { status: number | null; stdout: string; stderr: string } {
  return spawnSync("python3", [SCRIPT, ...keys], { input: note, encoding: "utf8" });
}

run(title("a stranger who has only read the standards believes a journal's checkpoint and its cosignature"), (t) => {
  const { status, stdout, stderr } = ask(cosigned());
  t.is(stderr, "");
  t.is(status, 0);
  t.true(stdout.includes(`origin ${ORIGIN}\nsize 13\nroot `));
  t.true(stdout.includes(`signed by ${signer.key.name}\n`));
  t.true(stdout.includes(`signed by ${cosigner.key.name} at 1795000000\n`));
});

run(title("… and nothing that was changed: size, root, signature, or the time of the cosignature"), (t) => {
  const note = cosigned();
  const lines = note.split("\n");
  const changed = (line: number, from: RegExp, to: string): string =>
    lines.map((text, at) => (at === line ? text.replace(from, to) : text)).join("\n");
  t.not(ask(changed(1, /13/, "12")).status, 0);
  t.not(ask(changed(2, /^./, lines[2]?.startsWith("A") ? "B" : "A")).status, 0);
  for (const line of [4, 5]) {
    const at = (lines[line] ?? "").lastIndexOf(" ") + 40;
    const other = lines[line]?.[at] === "A" ? "B" : "A";
    const flipped = lines.map((text, i) => (i === line ? text.slice(0, at) + other + text.slice(at + 1) : text)).join("\n");
    t.is(ask(flipped).status, 1, `line ${line}`);
  }
  t.is(ask(note, [formatVerifierKey({ ...signer.key, name: "somebody else" })]).status, 1);
});
