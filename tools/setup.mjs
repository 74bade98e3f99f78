// Runs before anything is installed, so it is plain JavaScript and borrows nothing but Node itself.
//
//   node tools/setup.mjs <start|test|lint|tool|sim|bench>
//
// It brings the checkout to the point where `node tools/dist/main.js` works: Node's version, dependencies, compiled packages, terminal images,
// and for `test` a browser. Every step leaves a stamp when it succeeded, never before: a run broken off in the middle is simply done again.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const packages = ["protocol", "firmware", "gateway", "cloud", "simulators", "tools"];
const oldestNode = [20, 12];
/** See gateway/node-edition.ts, which says the same to who starts a gateway without this. */
const deadlyNode = [24, 19];
const installStamp = join(root, "node_modules", ".trapeza-setup");
const buildStamp = join(root, "node_modules", ".trapeza-build");
const imageStamp = join(root, "node_modules", ".trapeza-images");
/** Programs of the system that some tests play against; without them these tests are skipped by name, so their absence never stops a run. */
const peers = [
  { program: "/usr/bin/chromium", packages: ["chromium", "fonts-dejavu-core"] },
  { program: "/usr/bin/chromium-headless-shell", packages: ["chromium-headless-shell"] },
  { program: "/usr/bin/mosquitto_pub", packages: ["mosquitto-clients"] },
  { program: "/usr/bin/influxd", packages: ["influxdb"] },
  { program: "/usr/bin/pdftotext", packages: ["poppler-utils"] },
  { program: "/usr/lib/pcsc/drivers/serial/libifdvpcd.so", packages: ["pcscd", "vsmartcard-vpcd", "iproute2"] },
];

/** Something that a person has to put right; its message is the one sentence they read. */
class Missing extends Error {}

const say = (line) => process.stderr.write(`${line}\n`);
const read = (path) => (existsSync(path) ? readFileSync(path, "utf8") : "");
const hashOf = (text) => createHash("sha256").update(text).digest("hex");
const seconds = (sinceMs) => `${Math.max(1, Math.round((Date.now() - sinceMs) / 1000))} s`;

/** Runs a child to its end. What it says is kept back and shown only if it fails: a compiler's or npm's chatter hides the one line that matters. */
function runKept(command, args, env = {}) {
  const output = [];
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.on("data", (chunk) => output.push(chunk));
    child.stderr.on("data", (chunk) => output.push(chunk));
    child.on("error", (error) => resolve({ code: 1, output: error.message }));
    child.on("close", (code) => resolve({ code: code ?? 1, output: Buffer.concat(output).toString("utf8") }));
  });
}

/** Waits for what `runKept` began and shows that it is alive: a moving clock on a screen, a line every 15 seconds in a log. */
async function showUntilDone(label, running) {
  const sinceMs = Date.now();
  const onScreen = process.stderr.isTTY === true;
  const tick = setInterval(
    () => process.stderr.write(onScreen ? `\r${label} … ${seconds(sinceMs)} ` : `${label} … ${seconds(sinceMs)}\n`),
    onScreen ? 1000 : 15000,
  );
  if (onScreen) process.stderr.write(`${label} …`);
  else say(`${label} …`);
  const ended = await running;
  clearInterval(tick);
  say(`${onScreen ? "\r" : ""}${label} ${ended.code === 0 ? "done" : "failed"}, ${seconds(sinceMs)}      `);
  return ended;
}

const runVisibly = (label, command, args, env = {}) => showUntilDone(label, runKept(command, args, env));

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const before = ([m, n]) => major < m || (major === m && minor < n);
  if (before(oldestNode))
    throw new Missing(
      `Trapeza needs Node ${oldestNode.join(".")} or newer and this is Node ${process.versions.node}: install a newer one from https://nodejs.org.`,
    );
  if (!before(deadlyNode))
    throw new Missing(
      `Node ${process.versions.node} aborts programs that use our SQLite module, as every one from ${deadlyNode.join(".")} on: use Node 20 or 22.`,
    );
}

/** What must be equal for an installed tree to be usable: the lock file, and the Node that native modules were compiled for. */
function installFingerprint() {
  return hashOf(`${read(join(root, "package-lock.json"))}|${process.versions.modules}|${process.platform}-${process.arch}`);
}

/** True when node_modules already holds what the lock file names, for example after a developer's `npm install`: then nothing is torn down. */
function treeMatchesLock() {
  const hidden = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(hidden)) return false;
  const wanted = JSON.parse(read(join(root, "package-lock.json"))).packages;
  const present = JSON.parse(read(hidden)).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes("node_modules/") || entry.link) return true;
    const found = present[path];
    if (!found) return entry.optional === true || entry.devOptional === true;
    return found.version === entry.version;
  });
}

/** Loads the one native module in a child, because a module built for another Node can end the process that loads it. */
function nativeModuleFault() {
  const program = 'const Database = require("better-sqlite3"); new Database(":memory:").prepare("select 1").get();';
  const child = spawnSync(process.execPath, ["-e", program], { cwd: join(root, "gateway"), encoding: "utf8" });
  if (child.status === 0) return undefined;
  return (child.stderr || `ended by ${child.signal}`).trim();
}

function compilerAdvice() {
  const absent = ["python3", "make", "g++"].filter((tool) => spawnSync(tool, ["--version"], { stdio: "ignore" }).status !== 0);
  const install = "apt-get install -y python3 make g++ (Debian, Ubuntu; as root)";
  return absent.length > 0
    ? `The SQLite module could not be built because ${absent.join(" and ")} ${absent.length > 1 ? "are" : "is"} missing: run ${install} and start again.`
    : "The SQLite module was installed but does not load, although python3, make and g++ are here: the reason is printed above.";
}

async function installDependencies(label) {
  const fingerprint = installFingerprint();
  if (read(installStamp) === fingerprint) return false;
  if (!treeMatchesLock() || nativeModuleFault() !== undefined) {
    // Headers that the distribution already installed spare a download that many school networks do not allow.
    const nodedir =
      existsSync("/usr/include/node/node.h") && process.execPath.startsWith("/usr/bin/") ? { npm_config_nodedir: "/usr" } : {};
    const { code, output } = await runVisibly(`${label} dependencies (the first time takes a few minutes)`, "npm", ["ci"], nodedir);
    if (code !== 0) {
      say(output);
      const unbuilt = /gyp ERR|prebuild-install/.test(output);
      throw new Missing(unbuilt ? compilerAdvice() : "The dependencies could not be installed: npm's own words are above.");
    }
    const fault = nativeModuleFault();
    if (fault !== undefined) {
      say(fault);
      throw new Missing(compilerAdvice());
    }
  }
  writeFileSync(installStamp, fingerprint);
  return true;
}

/** Every file below `folder` whose name matches, as [path, size, time]: cheap enough to ask at every start. */
function sourceList(folder, pattern) {
  const found = [];
  const visit = (path) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.name === "dist" || entry.name === "node_modules" || entry.name === "data") continue;
      const below = join(path, entry.name);
      if (entry.isDirectory()) visit(below);
      else if (pattern.test(entry.name)) {
        const { mtimeMs, size } = statSync(below);
        found.push(`${relative(root, below)} ${size} ${mtimeMs}`);
      }
    }
  };
  visit(join(root, folder));
  return found.sort();
}

function sourceFingerprint(folders) {
  const lines = folders.flatMap((folder) => sourceList(folder, /\.(tsx?|mjs|json)$/));
  return hashOf([...lines, read(join(root, "tsconfig.base.json")), read(join(root, "tsconfig.json"))].join("\n"));
}

/** A test whose source was deleted or renamed would go on running from dist: the compiler never removes what it once wrote. */
function removeStaleTests(folder) {
  const dist = join(root, folder, "dist");
  if (!existsSync(dist)) return;
  for (const entry of readdirSync(dist, { recursive: true })) {
    const match = /^(.*\.test)\.(js|d\.ts|js\.map)$/.exec(String(entry));
    if (!match) continue;
    const source = join(root, folder, match[1]);
    if (!existsSync(`${source}.ts`) && !existsSync(`${source}.tsx`)) rmSync(join(dist, String(entry)));
  }
}

async function compile(label) {
  const missing = packages.filter((name) => !existsSync(join(root, name, "dist", "index.js")));
  const fingerprint = sourceFingerprint(packages);
  if (missing.length === 0 && read(buildStamp) === fingerprint) return false;
  // The compiler trusts its own notes: without removing them it would believe that a deleted dist is still there.
  for (const name of missing) rmSync(join(root, name, "dist"), { recursive: true, force: true });
  for (const name of packages) removeStaleTests(name);
  rmSync(buildStamp, { force: true });
  const compiler = join("node_modules", "typescript-7", "bin", "tsc");
  const { code, output } = await runVisibly(`${label} compile`, process.execPath, [compiler, "-b"]);
  if (code !== 0) {
    say(output);
    throw new Missing("The source does not compile: the compiler's own words are above.");
  }
  writeFileSync(buildStamp, fingerprint);
  return true;
}

async function buildImages(label) {
  if (!existsSync(join(root, "tools", "dist", "build.js"))) return false;
  const fingerprint = sourceFingerprint(["firmware", "protocol", "tools/build"].filter((folder) => existsSync(join(root, folder))));
  if (read(imageStamp) === fingerprint && existsSync(join(root, "firmware", "dist", "images"))) return false;
  rmSync(imageStamp, { force: true });
  const { code, output } = await runVisibly(`${label} terminal images`, process.execPath, [join("tools", "dist", "main.js"), "build"]);
  if (code !== 0) {
    say(output);
    throw new Missing("The terminal images could not be built: the reason is above.");
  }
  writeFileSync(imageStamp, fingerprint);
  return true;
}

/**
 * Begins to bring the peers that are missing, where that is allowed: as root on Debian, unless TRAPEZA_NO_APT=1 forbids it. It needs the network and
 * hardly the processor, so it goes on beside the steps that compile; what is answered waits for it and tells how it ended.
 */
function beginPeers(label) {
  const missing = peers.filter(({ program }) => !existsSync(program));
  if (missing.length === 0) return async () => undefined;
  const names = missing.flatMap(({ packages }) => packages).join(" ");
  // One at a time: a release of Debian that lacks one of them is to have the others.
  const installs = missing.map(({ packages }) => `apt-get install -y --no-install-recommends ${packages.join(" ")}`);
  const command = ["apt-get update", ...installs].join("; ");
  const allowed = process.getuid?.() === 0 && process.env.TRAPEZA_NO_APT !== "1" && existsSync("/usr/bin/apt-get");
  if (!allowed) {
    return async () =>
      say(`${label} system packages: ${names} are missing, the tests that need them will be skipped; to have them, as root: ${command}`);
  }
  const running = runKept("sh", ["-c", command], { DEBIAN_FRONTEND: "noninteractive" });
  return async () => {
    const { output } = await showUntilDone(`${label} system packages (begun beside the others)`, running);
    if (missing.every(({ program }) => existsSync(program))) return;
    say(output.split("\n").slice(-8).join("\n"));
    say(`Not all of them could be installed; the tests that need them will be skipped. Try by hand: ${command}`);
  };
}

async function setUp(purpose) {
  checkNode();
  // Who only checks the sources' style waits for no image.
  const total = purpose === "test" ? 4 : purpose === "lint" ? 2 : 3;
  mkdirSync(join(root, "node_modules"), { recursive: true });
  const peersReady = purpose === "test" ? beginPeers(`4/${total}`) : undefined;
  const done = [];
  try {
    done.push(await installDependencies(`1/${total}`), await compile(`2/${total}`));
    if (purpose !== "lint") done.push(await buildImages(`3/${total}`));
  } finally {
    // Also when a step has failed: the installer must not be left half-way, and whoever waits for it should see that it is what they wait for.
    await peersReady?.();
  }
  if (done.some(Boolean)) say("Set-up is complete.");
}

try {
  await setUp(process.argv[2] ?? "start");
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  say(error.message);
  process.exitCode = 1;
}
