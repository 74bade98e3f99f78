import { floatMoney } from "./tidy/float-money.js";
import { forbiddenCode } from "./tidy/forbidden-code.js";
import { openHouse, type Law } from "./tidy/house.js";
import { importDirection } from "./tidy/import-direction.js";
import { naming } from "./tidy/naming.js";
import { noCycle } from "./tidy/no-cycle.js";
import { purity } from "./tidy/purity.js";
import { readme } from "./tidy/readme.js";
import { size } from "./tidy/size.js";
import { twinDevice } from "./tidy/twin-device.js";
import { words } from "./tidy/words.js";
import { rootPath } from "./tree.js";

/** The laws of the house (CONTRIBUTING.md tells them in words), by the name that is printed with a violation. */
export const laws: Readonly<Record<string, Law>> = {
  "import direction": importDirection,
  "no cycle": noCycle,
  purity,
  "twin device": twinDevice,
  size,
  naming,
  "forbidden code": forbiddenCode,
  "float money": floatMoney,
  words,
  readme,
};

/** Prints each violation as `path:line law: cure`. Exit code 0 if there is none. */
export async function run(_args: string[]): Promise<number> {
  const house = openHouse(rootPath);
  const lines = Object.entries(laws).flatMap(([name, law]) => law(house).map(({ path, line, cure }) => `${path}:${line} ${name}: ${cure}`));
  for (const line of lines.sort()) console.log(line);
  if (lines.length > 0) console.log(`${lines.length} violations of the laws of the house; CONTRIBUTING.md tells why they are laws.`);
  return lines.length === 0 ? 0 : 1;
}
