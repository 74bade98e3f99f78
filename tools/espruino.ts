import { spawn } from "node:child_process";
import { join } from "node:path";
import { whyNoInterpreter } from "@trapeza/simulators";
import { rootPath } from "./tree.js";

const suites = [
  "simulators/dist/stories/chip-day.slow.test.js",
  "simulators/dist/stories/release-chip.slow.test.js",
  "tools/dist/build/conformance.slow.test.js",
];

/**
 * Boots the three images on the interpreter that ESPRUINO_BIN names and plays a morning at each terminal, language probes and wire vectors first;
 * without one the same morning is told on the simulated board, and the first line says so. Exit code 0 when all of it passed.
 */
export async function run(): Promise<number> {
  const why = whyNoInterpreter();
  console.log(
    why === "" ? `Images run on ${process.env.ESPRUINO_BIN}.` : `No real interpreter: ${why}. Images run on the simulated board only.`,
  );
  return new Promise((done) => {
    const child = spawn(process.execPath, [join("node_modules", "ava", "entrypoints", "cli.mjs"), "--serial", ...suites], {
      cwd: rootPath,
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.on("error", () => done(1));
    child.on("close", (code) => done(code ?? 1));
  });
}
