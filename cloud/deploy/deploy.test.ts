import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { readCloudConfig } from "../config.js";

const read = (name: string): string => readFileSync(new URL("../../deploy/" + name, import.meta.url), "utf8");
const unit = read("trapeza-cloud.service");

test("the example of settings is one that the cloud starts with, and its folder is the unit's", (t) => {
  const lines = read("cloud.env").split("\n");
  const settings = Object.fromEntries(lines.filter((line) => /^[A-Z]/.test(line)).map((line) => line.split(/=(.*)/s).slice(0, 2)));
  const config = readCloudConfig(settings as Record<string, string>);
  t.like(config, { house: "meals.example", publicUrl: "https://meals.example", databaseUrl: null });
  t.is(config.dataDir, "/var/lib/" + (/^StateDirectory=(.*)$/m.exec(unit)?.[1] ?? ""));
});

test("what a person must put right is not begun again, and everything else is, for as long as it takes", (t) => {
  t.regex(unit, /^Restart=always$/m);
  t.regex(unit, /^RestartPreventExitStatus=78$/m);
  t.regex(unit, /^StartLimitIntervalSec=0$/m);
  t.notRegex(unit, /^User=root$/m);
});

const missing = spawnSync("systemd-analyze", ["--version"]).error !== undefined;
const run = missing ? test.skip : test;

run(
  `systemd reads the cloud's unit without a complaint${missing ? " (no systemd-analyze here; to have it: apt-get install systemd)" : ""}`,
  (t) => {
    const path = join(mkdtempSync(join(tmpdir(), "trapeza-unit-")), "trapeza-cloud.service");
    // Node may lie elsewhere on this machine, and there need not be a user for it.
    writeFileSync(path, unit.replace("/usr/bin/node", process.execPath));
    const { status, stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", path], { encoding: "utf8" });
    t.is(stderr, "");
    t.is(status, 0);
  },
);
