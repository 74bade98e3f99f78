import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { imagePath, type ImageKind } from "@trapeza/firmware";
import { openInterpreter, openLoopback, visit, whyNoInterpreter, type InterpreterBoard, type MemoryUse } from "@trapeza/simulators";
import { functionsIn, measuredOf, standing, type Measured } from "../build/estimate.js";
import { imageLimitBytes, measuredPath, variableBudget } from "../build/gate.js";
import { rootPath } from "../tree.js";
import { measureWire, type WireRow } from "./wire.js";

export interface ImageRow {
  readonly name: ImageKind;
  readonly bytes: number;
  /** Functions that the image's text declares or makes. */
  readonly functions: number;
  /** Variables that its top level takes, counted in the text. */
  readonly standing: number;
  /** Variables in use, collected: with everything connected and nobody there, and the most at any moment of the morning. */
  readonly variablesIdle: number | null;
  readonly variablesPeak: number | null;
  /** The interpreter that was measured, "none" without one. */
  readonly host: string;
}

const KINDS: readonly ImageKind[] = ["payment", "settlement", "information", "payment-id003"];

interface Used {
  readonly idle: MemoryUse;
  readonly peak: MemoryUse;
}

/** Boots an image and plays on it what people come for; one board at a time, because a busy computer is a slow chip. */
async function measureOn(binary: string, name: ImageKind): Promise<Used> {
  const boards: InterpreterBoard[] = [];
  const kind = name === "payment-id003" ? "payment" : name;
  const loopback = await openLoopback(
    (options) => {
      boards.push(openInterpreter(binary, options));
      return boards[boards.length - 1]!;
    },
    { kinds: [kind], line: name === "payment-id003" ? "id003" : undefined },
  );
  const [board] = boards as [InterpreterBoard];
  try {
    await loopback.ready(60_000);
    const idle = await board.memory();
    await visit(loopback, kind);
    return { idle, peak: await board.memory() };
  } finally {
    board.close();
    await loopback.close();
  }
}

/** Without what the stand-ins took: a board has a display and a touch panel of its own. */
function own(use: MemoryUse | undefined, figure: (use: MemoryUse) => number): number | null {
  return use === undefined ? null : figure(use) - use.standIns;
}

/** Sizes of the images, their memory on a real interpreter (`binary`, null without one), and bytes on the wire beside other encodings. */
export async function measureFirmware(binary: string | null): Promise<{ images: ImageRow[]; wire: WireRow[] }> {
  const missing = KINDS.filter((kind) => !existsSync(imagePath(kind)));
  if (missing.length > 0) throw new Error(`there is no image of ${missing.join(", ")} yet: run "npm run tool -- build"`);
  const images: ImageRow[] = [];
  for (const name of KINDS) {
    const image = readFileSync(imagePath(name), "latin1");
    const used = binary === null ? undefined : await measureOn(binary, name);
    images.push({
      ...{ name, bytes: image.length, functions: functionsIn(image), standing: standing(image) },
      variablesIdle: own(used?.idle, (use) => use.usage),
      variablesPeak: own(used?.peak, (use) => use.peak),
      host: binary === null ? "none" : basename(binary),
    });
  }
  return { images, wire: measureWire() };
}

/** How deep the calls of an image may nest, as the build has written it beside the image. */
function callsOf(name: ImageKind): number {
  return (JSON.parse(readFileSync(imagePath(name).replace(/js$/, "json"), "utf8")) as { calls: number }).calls;
}

/**
 * Keeps what was measured beside the firmware, for the build to print and for the next person to compare with. `stackBytes`: what this interpreter has, which
 * only its maker knows; 0 when that is not said, and what is known of the stack stays.
 */
function keep(images: readonly ImageRow[], stackBytes: number): void {
  if (images.some((image) => image.variablesPeak === null)) throw new Error("nothing was measured that could be kept");
  const measured = Object.fromEntries(
    images.map(({ name, variablesIdle, variablesPeak, standing: own }): [ImageKind, Measured] => {
      const stack = stackBytes > 0 ? { bytes: stackBytes, calls: callsOf(name) } : measuredOf(rootPath, name)?.stack;
      if (!stack) throw new Error(`the stack of ${name} was never measured: say --stack BYTES`);
      return [name, { variablesIdle: variablesIdle!, variablesPeak: variablesPeak!, standing: own, stack }];
    }),
  );
  const date = new Date().toISOString().slice(0, 10);
  writeFileSync(join(rootPath, measuredPath), `${JSON.stringify({ date, ...measured }, null, 2)}\n`);
}

/** `npm run bench -- firmware [--json] [--keep [--stack BYTES]]`. */
export async function benchFirmware(json: boolean, kept: boolean, stackBytes: number): Promise<number> {
  const why = whyNoInterpreter();
  console.log(
    why === ""
      ? "A morning is played on the real interpreter, one image after the other; this takes two minutes."
      : `Memory is not measured: ${why}.`,
  );
  const result = await measureFirmware(why === "" ? (process.env.ESPRUINO_BIN ?? null) : null);
  for (const { name, bytes, functions, variablesIdle, variablesPeak } of result.images)
    console.log(
      `${name}: ${bytes} bytes of ${imageLimitBytes}, ${functions} functions, ` +
        (variablesPeak === null
          ? "memory not measured"
          : `${variablesIdle} variables at rest, ${variablesPeak} at most of ${variableBudget}`),
    );
  for (const { message, bytes, json: text, cbor, protobuf } of result.wire)
    console.log(`${message}: ${bytes} bytes, JSON ${text}, CBOR ${cbor}, protobuf ${protobuf}`);
  if (kept) keep(result.images, stackBytes);
  if (json) console.log(JSON.stringify(result));
  return 0;
}
