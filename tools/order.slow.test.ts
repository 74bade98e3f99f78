/** What is ordered at the cloud holds at the till: the whole way, with a database, two processes, TCP and real keys. The figures are printed. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { startCloud } from "@trapeza/cloud";
import type { RunningCloud } from "@trapeza/cloud";
import { createSigner, gatewayProgram } from "@trapeza/gateway";
import { formatVerifierKey, journalOrigin, toHex } from "@trapeza/protocol";
import type { BusinessDate, Directive, DirectiveOf, Kopecks } from "@trapeza/protocol";
import { logIn } from "./_parent.test.js";
import { startHost } from "./bench/gateway/host.js";
import { HOUSE, PRICE, pupilCard, SCHOOL_NUMBER, schoolOf, tillId } from "./bench/gateway/school.js";
import { Till } from "./bench/gateway/till.js";

const GATEWAY = "gateway-1";
const PHONE = "+7 900 123-45-67";
const PASSWORD = "каша манная";
const TRIES = 10;
/** What the promise says, with a margin for a machine that does much else; the figure itself is printed. */
const PATIENCE_MS = 20_000;

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Milliseconds until it holds. */
async function until(holds: () => Promise<boolean>): Promise<number> {
  const began = performance.now();
  while (!(await holds())) {
    if (performance.now() - began > PATIENCE_MS) throw new Error(`it did not come to pass within ${PATIENCE_MS} ms`);
    await pause(10);
  }
  return performance.now() - began;
}

/** A school of three, whose first pupil has nothing. */
async function opened(folder: string) {
  const [schoolSecret, gatewaySeed] = [randomBytes(32), randomBytes(32)];
  const where = { dataDir: join(folder, "cloud"), databaseUrl: null, host: "127.0.0.1", port: 0, house: HOUSE, secureCookies: false };
  const cloud = await startCloud(where, { onError: () => undefined });
  await cloud.cloud.registerSchool({ id: SCHOOL_NUMBER, label: "24" });
  const { publicKey } = createSigner(journalOrigin(HOUSE, SCHOOL_NUMBER, 1), gatewaySeed).key;
  await cloud.cloud.registerGateway({ id: GATEWAY, school: SCHOOL_NUMBER, key: publicKey });
  await cloud.cloud.registerGuardian({ phone: PHONE, name: "Анна", password: PASSWORD, children: [{ school: SCHOOL_NUMBER, account: 1 }] });
  const today = Math.floor(Date.now() / 86_400_000) as BusinessDate;
  const directives = schoolOf(3, 1, today).filter((one) => !(one.kind === "TopUp" && one.account === 1));
  await cloud.cloud.enqueueDirectives(SCHOOL_NUMBER, directives);
  const settings = join(folder, "settings.json");
  const secrets = { schoolSecret: toHex(schoolSecret), gatewaySeed: toHex(gatewaySeed), statusPassword: toHex(randomBytes(12)) };
  const key = formatVerifierKey(cloud.cloud.signer.directives.key);
  const plain = { dataDir: folder, house: HOUSE, school: SCHOOL_NUMBER, epoch: 1, mqttPort: 0, httpPort: 0, logLevel: "silent" };
  writeFileSync(settings, JSON.stringify({ ...plain, ...secrets, cloud: { url: cloud.url, gateway: GATEWAY, key } }), { mode: 0o600 });
  const gateway = await startHost([gatewayProgram, settings]);
  const close = async (): Promise<void> => {
    await gateway.stop();
    await cloud.close();
  };
  const till = new Till(tillId(0), schoolSecret);
  // The till is let in once the school has heard of it.
  for (
    let boot = 1;
    !(await till.open(gateway.port, boot).then(
      () => true,
      () => false,
    ));
    boot++
  )
    await pause(100);
  return { cloud, till, close };
}

async function parentPage({ url }: RunningCloud): Promise<() => Promise<string>> {
  const cookie = await logIn(url, PHONE, PASSWORD);
  return async () => (await fetch(url, { headers: { cookie } })).text();
}

const rounded = (ms: number): number => Math.round(ms);

test.serial("a top-up is spendable at the till, and a limit in force on the parent's page, within seconds", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-order-"));
  const { cloud, till, close } = await opened(folder);
  try {
    const tell = (directive: Directive): Promise<number> => cloud.cloud.enqueueDirectives(SCHOOL_NUMBER, [directive]);
    const sells = async (): Promise<boolean> =>
      till
        .tap(pupilCard(0))
        .then((handle) => till.sell(handle))
        .then(
          () => true,
          () => false,
        );
    t.false(await sells(), "without money nothing is sold");
    const spendable: number[] = [];
    for (let i = 0; i < TRIES; i++) {
      const sold = until(sells);
      await tell({ kind: "TopUp", account: 1, main: 0 as Kopecks, additional: PRICE, source: "payment", reference: `t${i}` });
      spendable.push(rounded(await sold));
    }
    const look = await parentPage(cloud);
    const nothing = { stopList: false, bannedDishes: [], bannedAllergens: [] };
    const limits: DirectiveOf<"SetLimits"> = { kind: "SetLimits", account: 1, dailyLimit: 12_300 as Kopecks, ...nothing };
    const told = until(async () => (await look()).includes("Ограничения действуют в школе с"));
    await tell(limits);
    const inForce = rounded(await told);
    t.log(`spendable after ${spendable.sort((a, b) => a - b).join(", ")} ms; a limit in force on the parent's page after ${inForce} ms`);
  } finally {
    till.close();
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
});
