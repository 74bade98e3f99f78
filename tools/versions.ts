import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

import { rootPath } from "./tree.js";

/** The Nodes that Trapeza is tried on, as the npm registry's package `node` brings them. */
const NODES = new Map([
  ["20", "20.20.2"],
  ["22", "22.23.3"],
  // The last that our SQLite module lives on; see setup.mjs.
  ["24", "24.18.1"],
]);

const usage = `versions [${[...NODES.keys()].join("] [")}] [--fast]: runs the tests of what is committed on each of these Nodes`;

interface Ended {
  readonly code: number;
  readonly lastLine: string;
}

/** Runs a program and passes on what it says, each line with the Node's number before it. */
function runTold(label: string, command: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve) => {
    let lastLine = "";
    const child = spawn(command[0], command.slice(1), { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on("line", (line) => {
        if (line.trim() !== "" && stream === child.stdout) lastLine = line;
        console.log(`${label} | ${line}`);
      });
    child.on("error", (error) => resolve({ code: 1, lastLine: error.message }));
    child.on("close", (code) => resolve({ code: code ?? 1, lastLine }));
  });
}

/** A clone of what is committed, the Node, and the whole of `npm test` with it: as on a new machine. */
async function tryOn(node: string, fast: boolean): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), `trapeza-node-${node}-`));
  const label = `Node ${node}`;
  try {
    const [home, clone] = [join(folder, "node"), join(folder, "clone")];
    mkdirSync(home);
    const brought = await runTold(
      label,
      ["npm", "install", "--prefix", home, "--no-audit", "--no-fund", `node@${node}`],
      home,
      process.env,
    );
    if (brought.code !== 0) return { ...brought, lastLine: "this Node could not be brought from the registry" };
    const cloned = await runTold(label, ["git", "clone", "--quiet", rootPath, clone], folder, process.env);
    if (cloned.code !== 0) return cloned;
    const packed = join(home, "node_modules", "node");
    // The package has the headers beside the program: native modules are built against them, with no download from elsewhere.
    const headers = join(packed, "node_modules", `node-${process.platform}-${process.arch}`);
    const env = {
      ...process.env,
      PATH: join(packed, "bin") + delimiter + (process.env.PATH ?? ""),
      npm_config_nodedir: headers,
    };
    return await runTold(label, ["npm", "test", "--", ...(fast ? ["--fast"] : [])], clone, env);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Exit code 0 when the tests pass on every Node that was asked for; 2 for a Node that is not among ours. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { fast: { type: "boolean", default: false } } });
  const wanted = positionals.length > 0 ? positionals : [...NODES.keys()];
  const strange = wanted.find((one) => !NODES.has(one));
  if (strange !== undefined) {
    console.error(`"${strange}" is not one of the Nodes.\n${usage}`);
    return 2;
  }
  const results: (readonly [string, Ended])[] = [];
  for (const one of wanted) {
    const node = NODES.get(one) as string;
    results.push([node, await tryOn(node, values.fast)]);
  }
  for (const [node, { code, lastLine }] of results) console.log(`${code === 0 ? "✔" : "✘"} Node ${node}: ${lastLine}`);
  return results.every(([, { code }]) => code === 0) ? 0 : 1;
}
