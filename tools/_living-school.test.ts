import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fromHex } from "@trapeza/protocol";
import { createRealClock } from "@trapeza/simulators";
import type { Card, Hand } from "@trapeza/simulators";
import { openGateway } from "./demo/gateway.js";
import { childrenOf, cloudKey, demoSchool, GATEWAY, HOUSE, openCloud, tellCloud } from "./demo/school.js";
import { inventSecrets } from "./demo/secrets.js";
import { openTerminals } from "./demo/terminal.js";

const MAIN = fileURLToPath(new URL("./main.js", import.meta.url));
export const school = demoSchool();
export const card = (holder: { readonly uid: string }): Card => ({
  uid: fromHex(holder.uid) as Uint8Array,
  kind: "card",
  label: holder.uid,
});

export interface Verdict {
  readonly code: number | null;
  readonly said: string;
}

/** A command of the house in a process of its own, and all that it said. */
export function runTool(...words: string[]): Promise<Verdict> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [MAIN, ...words], { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.on("close", (code) => done({ code, said }));
  });
}

/** The demonstration as `npm start` puts it together, without its pages: two processes, a database, three terminals on TCP. */
export async function openSchool(folder: string) {
  const secrets = inventSecrets();
  const cloud = await openCloud(join(folder, "cloud"), 0, () => undefined);
  await tellCloud(cloud, school, secrets);
  const { schoolSecret, gatewaySeed } = secrets;
  const gateway = await openGateway(
    {
      ...{
        dataDir: join(folder, "gateway"),
        house: HOUSE,
        school: school.number,
        schoolSecret,
        gatewaySeed,
        httpPort: 0,
        statusPassword: secrets.password,
      },
      cloud: { url: cloud.url, gateway: GATEWAY, key: cloudKey(cloud) },
    },
    () => undefined,
  );
  const { mqttPort } = gateway;
  const clock = createRealClock();
  const terminals = openTerminals({ folder: join(folder, "terminals"), mqttPort, school, secrets, signer: "", clock });
  for (const terminal of terminals) terminal.board.powerOn();
  const close = async (): Promise<void> => {
    for (const terminal of terminals) terminal.board.powerOff();
    await gateway.stop();
    await cloud.close();
  };
  return { cloud, gateway, terminals, close };
}

/** `papers`: how many will have come out when this is over. */
export async function feedNote(kiosk: Hand, papers = 1): Promise<void> {
  await kiosk.until("Приложите", 30_000);
  await kiosk.tap(card(childrenOf(school)[0]));
  await kiosk.until("Дополнительный");
  await kiosk.press("Дополнительный");
  await kiosk.until("Вставляйте");
  await kiosk.wait(1500);
  await kiosk.feed(10_000);
  await kiosk.until("100,00", 20_000);
  await kiosk.press("Готово");
  await kiosk.until(() => kiosk.papers() >= papers, 30_000);
}
