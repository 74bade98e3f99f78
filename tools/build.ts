import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bundle, checkTypes, chipFiles } from "./build/bundle.js";
import { drawFont, fontPlans, packFont } from "./build/font.js";
import { costsOf, measuredOf } from "./build/estimate.js";
import { imageLimitBytes } from "./build/gate.js";
import { roomPlan } from "./build/room-plan.js";

/** Its functions are in memory together with the first of a program's. */
const loaderLimitBytes = 10 * 1024;

export const imageKinds = ["payment", "settlement", "information"] as const;
/** A kiosk's image carries one bill validator's line, so there are two of it. */
export const images = [...imageKinds, "payment-id003"] as const;
const root = fileURLToPath(new URL("../../", import.meta.url));

/** Whole or not at all: a board that starts while this runs reads the old image or the new one. */
function replaceFile(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}

function describe(code: string): { bytes: number; sha256: string; version: string } {
  const { version } = JSON.parse(readFileSync(join(root, "firmware/package.json"), "utf8")) as { version: string };
  const sha256 = createHash("sha256").update(code, "latin1").digest("hex");
  return { bytes: code.length, sha256, version: `${version}+${sha256.slice(0, 8)}` };
}

async function buildImage(kind: string, entry: string, out: string): Promise<boolean> {
  const built = kind === "loader" ? await bundle(root, entry, loaderLimitBytes) : await bundle(root, entry, imageLimitBytes, roomPlan);
  if (!built.ok) {
    console.error([`${kind}: refused`, ...built.complaints].join("\n  "));
    return false;
  }
  const { code, words, depth } = built;
  const facts = { ...describe(code), words: words?.name ?? "", calls: depth.calls };
  if (words) replaceFile(join(out, `${kind}.words`), words.content);
  replaceFile(join(out, `${kind}.js`), code);
  replaceFile(join(out, `${kind}.json`), `${JSON.stringify(facts, null, 2)}\n`);
  if (kind === "loader") {
    console.log(`loader: ${facts.bytes} bytes of ${loaderLimitBytes}`);
    return true;
  }
  const { told, complaint } = costsOf(code, depth, measuredOf(root, kind));
  console.log(`${kind}: ${told}, ${facts.version}`);
  if (complaint !== "") console.error(`${kind}: ${complaint}`);
  return complaint === "";
}

function buildFonts(out: string): void {
  for (const plan of fontPlans) {
    const file = packFont(drawFont(plan), plan.box.height);
    replaceFile(join(out, `fonts/font-${plan.size}.bin`), file);
    console.log(`font ${plan.size}: ${file.length} bytes, ${plan.box.height} pixels high`);
  }
}

/** Builds all images (or those named) and the fonts into firmware/dist/images; 0 when everything asked for was built. */
export async function run(args: string[]): Promise<number> {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const wanted = positionals.length > 0 ? positionals : [...images, "loader"];
  const out = join(root, "firmware/dist/images");
  const entries = wanted.map((kind) => ({ kind, path: join(root, `firmware/main-${kind}.ts`) }));
  for (const { kind, path } of entries) if (!existsSync(path)) console.log(`${kind}: skipped, there is no firmware/main-${kind}.ts`);
  const present = entries.filter(({ path }) => existsSync(path));
  const complaints = checkTypes(root, [...present.map(({ path }) => path), ...chipFiles(root)]);
  if (complaints.length > 0) {
    console.error(complaints.join("\n"));
    return 1;
  }
  let failed = 0;
  for (const { kind, path } of present) if (!(await buildImage(kind, path, out))) failed++;
  buildFonts(out);
  return failed === 0 ? 0 : 1;
}
