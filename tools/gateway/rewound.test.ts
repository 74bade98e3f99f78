import { cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { parseGatewayConfig, startGateway, type RunningGateway } from "@trapeza/gateway";
import { openSmallSchool, waitFor, type SmallSchool } from "./_school.test.js";

const FILES = ["journal.sqlite", "state.sqlite"];

/** Lives on for so many directives and starts, each heard of by the cloud; then some files are what they were before. */
async function rewound({ cloud, gateway, folder, number, start }: SmallSchool, files: readonly string[], starts = 3): Promise<number> {
  const old = join(folder, "old");
  cpSync(gateway, old, { recursive: true });
  let size = 0;
  for (let i = 1; i <= starts; i++) {
    const running = await start(gateway);
    await cloud.enqueueDirectives(number, [{ kind: "SetClass", id: 900 + i, name: "11Ю" }]);
    await waitFor(() => running.status().journal.cosigned > size && running.status().directives === cloudDirectives + i);
    ({ size } = running.status().journal);
    await running.close();
  }
  for (const name of files) {
    for (const end of ["", "-wal", "-shm"]) rmSync(join(gateway, name + end), { force: true });
    cpSync(join(old, name), join(gateway, name));
  }
  return size;
}

/** What the small school's cloud has told it so far. */
const cloudDirectives = 260;

const open = (folder: string): Promise<RunningGateway> =>
  startGateway(parseGatewayConfig(JSON.parse(readFileSync(join(folder, "settings.json"), "utf8"))));

test("a gateway put back to an older copy of both its files hears so from the cloud and adds nothing, also after a restart", async (t) => {
  const school = await openSmallSchool();
  const { gateway, cloud, number } = school;
  const known = await rewound(school, FILES);
  for (const run of ["first", "second"]) {
    const running = await open(gateway);
    const { size } = running.status().journal;
    t.true(size < known);
    await waitFor(() => running.status().alarms.length > 0);
    t.regex(running.status().alarms.join(), new RegExp(`the cloud holds ${known} entries of this epoch, this disk only ${size}`));
    t.like(running.status().disk, { kind: "outrun", size: known }, run);
    await cloud.enqueueDirectives(number, [{ kind: "SetClass", id: 990, name: "11Э" }]);
    await running.close();
    t.is(running.status().journal.size, size, "not even a directive");
  }
  t.is((await cloud.store.gateways(number))[0].size, known);
  await school.close();
});

test("a gateway whose second file alone is an older copy goes on: what is in it follows from the journal, or is asked for again", async (t) => {
  const school = await openSmallSchool();
  const { gateway, cloud, number } = school;
  const known = await rewound(school, ["state.sqlite"]);
  const running = await open(gateway);
  t.is(running.status().journal.size, known, "nothing of the journal is lost");
  await cloud.enqueueDirectives(number, [{ kind: "SetClass", id: 991, name: "11Я" }]);
  await waitFor(() => running.status().journal.cosigned > known);
  t.deepEqual(running.status().alarms, []);
  t.is(running.status().disk, null);
  await running.close();
  t.deepEqual(await cloud.verifyLedger(number), []);
  await school.close();
});
