/** A real InfluxDB on loopback receives what the gateway measures, and its absence is nobody's trouble. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { InfluxDB } from "influx";
import { reportToInflux } from "./influx.js";
import type { Sample } from "./sample.js";

const missing = spawnSync("influxd", ["version"]).error !== undefined;
const run = missing ? test.skip : test;
const title = (what: string): string => (missing ? `${what} (no influxd here; to have it: apt-get install influxdb)` : what);

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}

async function startInflux(t: ExecutionContext): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-influx-"));
  const [http, rpc] = [await freePort(), await freePort()];
  const child = spawn("influxd", [], {
    stdio: "ignore",
    env: {
      ...{ PATH: process.env.PATH ?? "", HOME: folder, INFLUXDB_REPORTING_DISABLED: "true" },
      ...{ INFLUXDB_HTTP_BIND_ADDRESS: `127.0.0.1:${http}`, INFLUXDB_BIND_ADDRESS: `127.0.0.1:${rpc}` },
      ...{ INFLUXDB_META_DIR: join(folder, "meta"), INFLUXDB_DATA_DIR: join(folder, "data"), INFLUXDB_DATA_WAL_DIR: join(folder, "wal") },
    },
  });
  t.teardown(async () => {
    const gone = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    await gone;
    rmSync(folder, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${http}`;
  await until(async () => (await fetch(`${url}/ping`)).status === 204);
  return url;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await holds().catch(() => false)) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error("it did not come to pass within 30 seconds");
}

const sample: Sample = { name: "trapeza_gateway_events", kind: "gauge", help: "", labels: { terminal: "2" }, value: 2302 };

run(title("what is measured arrives, with its tags and its time"), async (t) => {
  const url = await startInflux(t);
  const influx = new InfluxDB({ host: "127.0.0.1", port: Number(new URL(url).port), database: "school" });
  await influx.createDatabase("school");
  const said: string[] = [];
  const log = { info: () => undefined, warn: (_: object, what: string) => void said.push(what) };
  const loop = reportToInflux(
    { url, database: "school", user: null },
    24,
    () => [sample],
    () => 1_795_000_000_000,
    log,
  );
  const rows = async (): Promise<{ value?: number; school?: string; terminal?: string; time?: Date }[]> =>
    influx.query(`select * from trapeza_gateway_events`);
  await until(async () => (await rows()).length === 1);
  await loop.stop();
  const [row] = await rows();
  t.is(row?.value, 2302);
  t.is(row?.school, "24");
  t.is(row?.terminal, "2");
  t.is(row?.time?.getTime(), 1_795_000_000_000);
  t.deepEqual(said, []);
});

test("an InfluxDB that is away is named once and harms nobody", async (t) => {
  const said: string[] = [];
  const log = { info: () => undefined, warn: (_: object, what: string) => void said.push(what) };
  const url = `http://127.0.0.1:${await freePort()}`;
  const loop = reportToInflux({ url, database: "school", user: null }, 24, () => [sample], Date.now, log);
  await until(async () => said.length === 1);
  await loop.stop();
  t.deepEqual(said, ["InfluxDB does not take the figures"]);
});
