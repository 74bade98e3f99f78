import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import test from "ava";
import { encode, eventsUpload } from "@trapeza/protocol";
import { DIRECTIVES, HOUSE, SCHOOL, TODAY, createTestGateway, gatewayKey } from "./_gateway.test.js";
import type { CloudConfig } from "./config.js";
import { startCloud } from "./main.js";
import type { RunningCloud } from "./main.js";
import { setSchool } from "./office/school-hand.js";
import { parseSchoolPlan } from "./office/school-plan.js";
import { startPostgres } from "./store/cluster.js";
import { openBeside } from "./store/postgres.js";
import { verifyCloud } from "./verify.js";

const quiet = { onError: () => undefined };

async function inFolder(work: (config: CloudConfig) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), "trapeza-cloud-"));
  try {
    await work({ dataDir, databaseUrl: null, host: "127.0.0.1", port: 0, house: HOUSE, secureCookies: false });
  } finally {
    // Whatever a failed test has left running; stopped already is as good.
    const cluster = await startPostgres(join(dataDir, "postgres"));
    await cluster.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function uploadedSchool({ cloud }: RunningCloud): Promise<void> {
  await cloud.registerSchool({ id: SCHOOL, label: "24" });
  await cloud.registerGuardian({
    phone: "+79001234567",
    name: "Анна",
    password: "каша манная",
    children: [{ school: SCHOOL, account: 7 }],
  });
  await cloud.enqueueDirectives(SCHOOL, DIRECTIVES);
  const gateway = createTestGateway(await cloud.registerGateway({ id: "g24", school: SCHOOL, key: gatewayKey(1) }));
  gateway.openDay(TODAY);
  gateway.direct(...DIRECTIVES);
  gateway.direct({ kind: "OpeningBalance", account: 7, main: 67766, additional: 0 } as never);
  const answer = await cloud.intake.receive(gateway.row, gateway.upload());
  if (answer.kind !== "Stored") throw new Error(JSON.stringify(answer));
}

test.serial("what a cloud was told it still knows after a restart, and its key is its own", (t) =>
  inFolder(async (config) => {
    const first = await startCloud(config, quiet);
    await uploadedSchool(first);
    t.is((await fetch(first.url + "/login")).status, 200);
    const key = await readFile(join(config.dataDir, "cloud.key"), "utf8");
    t.is((await stat(join(config.dataDir, "cloud.key"))).mode & 0o777, 0o600);
    await first.close();
    await t.throwsAsync(fetch(first.url + "/login"));

    const second = await startCloud(config, quiet);
    t.deepEqual(await second.cloud.verifyLedger(SCHOOL), []);
    t.is((await second.cloud.library.book(SCHOOL)).state.accounts.get(7)?.main as number, 67766);
    const verdicts = await verifyCloud(config);
    t.deepEqual([verdicts.length, verdicts[0].entries, verdicts[0].troubles], [1, DIRECTIVES.length + 3, []]);
    t.is((await second.cloud.directives.page(SCHOOL, 0)).entries.length, DIRECTIVES.length);
    t.is(await readFile(join(config.dataDir, "cloud.key"), "utf8"), key);
    await second.close();
  }),
);

test.serial("a second cloud on the same data says so and leaves the first in peace", (t) =>
  inFolder(async (config) => {
    const first = await startCloud(config, quiet);
    const second = await t.throwsAsync(startCloud(config, quiet), { message: /^another cloud is already running on .*: stop it first$/ });
    t.like(second, { isPassing: false });
    // Elsewhere it may be the session of a machine that has lost its power; a password does not become right.
    const { url } = await startPostgres(join(config.dataDir, "postgres"));
    const elsewhere = await t.throwsAsync(startCloud({ ...config, databaseUrl: url }, quiet), {
      message: /^another cloud .* DATABASE_URL/,
    });
    t.like(elsewhere, { isPassing: true });
    const wrong = { ...config, databaseUrl: url.replace(/:[^:@/]*@/, ":wrong@") };
    t.like(await t.throwsAsync(startCloud(wrong, quiet), { message: /^DATABASE_URL is .*password/ }), { isPassing: false });
    t.is((await fetch(first.url + "/login")).status, 200);
    await first.close();
  }),
);

test.serial("a taken port is named, and no database is left running", (t) =>
  inFolder(async (config) => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as AddressInfo;
    await t.throwsAsync(startCloud({ ...config, port }, quiet), { message: new RegExp("^TRAPEZA_CLOUD_PORT is " + port) });
    other.close();
    const cluster = await startPostgres(join(config.dataDir, "postgres"));
    t.false(cluster.adopted);
    await cluster.stop();
  }),
);

test.serial("as a process it says where it is, tells a school what a hand beside it has set, and ends with 0 when asked to", (t) =>
  inFolder(async ({ dataDir }) => {
    const program = fileURLToPath(new URL("./main-server.js", import.meta.url));
    const env = { PATH: process.env.PATH, TRAPEZA_CLOUD_DATA: dataDir, TRAPEZA_HOUSE: HOUSE, TRAPEZA_CLOUD_PORT: "0" };
    const child = execFile(process.execPath, [program], { env });
    const line = await new Promise<string>((resolve) => child.stdout!.once("data", resolve));
    const { started, url, key } = JSON.parse(line) as { started: boolean; url: string; key: string };
    t.deepEqual([started, (await fetch(url + "/login")).status, key.startsWith(HOUSE + "+")], [true, 200, true]);

    const cluster = await startPostgres(join(dataDir, "postgres"));
    t.true(cluster.adopted);
    const example = await readFile(new URL("../deploy/school.jsonc", import.meta.url), "utf8");
    const plan = parseSchoolPlan(example);
    t.like(await setSchool(cluster.url, plan, Date.now()), { isNew: true });
    t.deepEqual(await setSchool(cluster.url, plan, Date.now()), { isNew: false, changed: [] });
    const store = openBeside({ url: cluster.url, onError: () => undefined });
    while ((await store.directiveCount(plan.number)) < plan.directives.length) await new Promise((resolve) => setTimeout(resolve, 100));
    t.is(await store.directiveCount(plan.number), plan.directives.length);
    // From the log now, and no more from the outbox.
    t.deepEqual(await setSchool(cluster.url, plan, Date.now()), { isNew: false, changed: [] });
    const renamed = parseSchoolPlan(example.replace('"name": "Школа № 24"', '"name": "Лицей № 24"'));
    t.deepEqual(await setSchool(cluster.url, renamed, Date.now()), { isNew: false, changed: ["school"] });
    t.like(await store.schools(), [{ id: plan.number, label: "Лицей № 24" }]);
    await store.close();

    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    t.is(await ended, 0);
  }),
);

test.serial("a cloud killed in the middle leaves a database that the next one takes over", (t) =>
  inFolder(async (config) => {
    const main = fileURLToPath(new URL("./main.js", import.meta.url));
    const script =
      "import { startCloud } from " +
      JSON.stringify(main) +
      "; await startCloud(JSON.parse(process.argv[1]), { onError() {} }); console.log('up');";
    const child = execFile(process.execPath, ["--input-type=module", "-e", script, JSON.stringify(config)]);
    await new Promise<void>((resolve, reject) => {
      child.stdout!.once("data", () => resolve());
      child.once("exit", () => reject(new Error("the child ended before it was up")));
    });
    const died = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await died;
    const next = await startCloud(config, quiet);
    await uploadedSchool(next);
    t.deepEqual(await next.cloud.verifyLedger(SCHOOL), []);
    await next.close();
  }),
);

test.serial("journal uploads of a thousand entries a body are taken in seconds", (t) =>
  inFolder(async (config) => {
    const running = await startCloud(config, quiet);
    const { cloud } = running;
    await cloud.registerSchool({ id: SCHOOL, label: "24" });
    const gateway = createTestGateway(await cloud.registerGateway({ id: "g24", school: SCHOOL, key: gatewayKey(1) }));
    gateway.openDay(TODAY);
    gateway.direct(...DIRECTIVES);
    for (let i = 0; i < 2000; i++)
      gateway.direct({ kind: "TopUp", account: 7, main: 100, additional: 100, source: "payment", reference: String(i) } as never);
    const startedMs = performance.now();
    for (let from = 0; from < gateway.entries.length; from += 1000) {
      const upload = gateway.upload(from, Math.min(from + 1000, gateway.entries.length));
      t.true(encode(eventsUpload, upload).length < 1048576);
      t.is((await cloud.intake.receive(gateway.row, upload)).kind, "Stored");
    }
    t.true(performance.now() - startedMs < 20000);
    t.deepEqual(await cloud.verifyLedger(SCHOOL), []);
    await running.close();
  }),
);

const asRoot = process.getuid?.() === 0 ? test.serial : test.serial.skip;
asRoot(
  `root beside a cloud that runs as a user of its own works as that user${process.getuid?.() === 0 ? "" : " (only root can try)"}`,
  (t) =>
    inFolder(async ({ dataDir }) => {
      const folder = join(dataDir, "postgres");
      await (await startPostgres(folder)).stop();
      const nobody = 65534;
      await promisify(execFile)("chown", ["-R", `${nobody}:${nobody}`, join(folder, "cluster")]);
      const cluster = await startPostgres(folder);
      t.is((await stat(join(folder, "cluster", "postmaster.pid"))).uid, nobody);
      await cluster.stop();
    }),
);
