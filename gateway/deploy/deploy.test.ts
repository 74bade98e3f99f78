import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { toHex } from "@trapeza/protocol";
import { parseGatewayConfig, readGatewayConfig, SETTINGS } from "../config.js";
import { seededRandom } from "../journal/_journal.test.js";

const example = readFileSync(new URL("../../deploy/gateway.jsonc", import.meta.url), "utf8");
const unit = readFileSync(new URL("../../deploy/trapeza-gateway.service", import.meta.url), "utf8");
const random = seededRandom("deploy");

const REQUIRED = ["dataDir", "house", "school", "epoch", "schoolSecret", "gatewaySeed", "statusPassword"];

function filledIn(): string {
  const hex = (): string => `"${toHex(random(32))}"`;
  return example.replace(/"\(openssl[^"]*\)"/g, hex).replace('"statusPassword": ""', '"statusPassword": "five small keys"');
}

test("the example names every setting, each with its words before it, and filled in it starts a gateway", (t) => {
  const file = join(mkdtempSync(join(tmpdir(), "trapeza-deploy-")), "gateway.jsonc");
  writeFileSync(file, filledIn());
  t.is(readGatewayConfig(file).school, 1);
  const named = [...example.matchAll(/^ {2}"(\w+)":/gm)].map(([, name]) => name);
  t.deepEqual(named.sort(), [...SETTINGS].sort());
  const paragraphs = example.slice(example.indexOf("{\n") + 2).split("\n\n");
  for (const paragraph of paragraphs) t.regex(paragraph.trimStart(), /^\/\/ /, paragraph);
});

test("what the example says of a setting that may be left out is its default", (t) => {
  const settings = JSON.parse(filledIn().replace(/^\s*\/\/.*$/gm, "")) as Record<string, unknown>;
  const fewest = Object.fromEntries(REQUIRED.map((name) => [name, settings[name]]));
  t.deepEqual(parseGatewayConfig(settings), parseGatewayConfig(fewest));
  for (const name of REQUIRED) t.throws(() => parseGatewayConfig({ ...settings, [name]: undefined }), undefined, name);
});

test("with what stands in the example for a secret no gateway starts", (t) => {
  const file = join(mkdtempSync(join(tmpdir(), "trapeza-deploy-")), "gateway.jsonc");
  writeFileSync(file, example);
  t.regex(t.throws(() => readGatewayConfig(file))?.message ?? "", /^schoolSecret is "\(not shown\)"/);
});

const missing = spawnSync("systemd-analyze", ["--version"]).error !== undefined;
const run = missing ? test.skip : test;

run(
  `systemd reads the unit without a complaint${missing ? " (no systemd-analyze here; to have it: apt-get install systemd)" : ""}`,
  (t) => {
    const path = join(mkdtempSync(join(tmpdir(), "trapeza-unit-")), "trapeza-gateway.service");
    // Node may lie elsewhere on this machine; that it is there is not what is asked.
    writeFileSync(path, unit.replace("/usr/bin/node", process.execPath));
    const { status, stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", path], { encoding: "utf8" });
    t.is(stderr, "");
    t.is(status, 0);
  },
);

test("the unit lets a commit that failed begin again, and leaves to a person what is for a person", (t) => {
  t.regex(unit, /^Restart=on-failure$/m);
  t.regex(unit, /^RestartPreventExitStatus=78$/m);
  t.regex(unit, /^StartLimitIntervalSec=0$/m);
  t.notRegex(unit, /^User=root$/m);
});
