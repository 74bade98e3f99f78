import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { rollup, type Plugin } from "rollup";
import { minify, type MinifyOptions } from "terser";
import ts from "typescript";
import { boardNames } from "./board-name.js";
import { dropCases } from "./cases.js";
import { encodeCyrillic } from "./cyrillic.js";
import { deepest, type Depth } from "./depth.js";
import { checkImage, checkWeight } from "./gate.js";
import { inlineFormulas } from "./inline.js";
import { shortKinds } from "./kind.js";
import { nestFunctions, withUniqueNames } from "./nest.js";
import { keptPropertyNames, lookUps } from "./property-name.js";
import { divide, RESIDENT, roomsOf, type Room } from "./room.js";
import { declareAtHead } from "./scope.js";
import { shortenCalls } from "./short-call.js";
import { shortNames } from "./short-name.js";
import { withoutReasons } from "./silence.js";
import { takeWords, type WordFile } from "./words.js";

/** Code that may be flashed, the words that lie beside it (none: it has none), and how deep its calls may nest; or why not. */
export type Bundle =
  | { readonly ok: true; readonly code: string; readonly words: WordFile | null; readonly depth: Depth }
  | { readonly ok: false; readonly complaints: string[] };

/** In an image words are numbers (tools/build/words.ts), and this file looks them up. */
const ON_CHIP: Readonly<Record<string, string>> = { "firmware/say.ts": "firmware/say-flash.ts" };

/** Files that only an image has: no test compiles them. */
export const chipFiles = (root: string): string[] => Object.values(ON_CHIP).map((path) => join(root, path));

/**
 * Espruino hoists nothing, so `hoist_funs` puts functions first; inlining across functions and `reduce_funcs` would put a `var` after its use and
 * the program would overwrite a global instead. Short names are given only where the board has none. `ascii_only`, because terser otherwise writes
 * "\xff" as one character, two bytes on the chip.
 */
const terserOptions = (keptNames: string[]): MinifyOptions => ({
  ecma: 5,
  module: false,
  toplevel: true,
  compress: {
    ecma: 5,
    hoist_funs: true,
    hoist_vars: false,
    inline: 1,
    reduce_funcs: false,
    passes: 2,
    arrows: false,
    unsafe: false,
    pure_getters: true,
  },
  mangle: { toplevel: true, reserved: [...boardNames], properties: { builtins: true, keep_quoted: "strict", reserved: keptNames } },
  format: { ecma: 5, ascii_only: true, comments: false },
});

interface ChipConfig {
  readonly options: ts.CompilerOptions;
  readonly files: string[];
}

function readChipConfig(root: string): ChipConfig {
  const path = join(root, "firmware/tsconfig.chip.json");
  const { config, error } = ts.readConfigFile(path, (file) => readFileSync(file, "utf8"));
  if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, "\n"));
  const parsed = ts.parseJsonConfigFileContent(config, ts.sys, dirname(path));
  return { options: parsed.options, files: parsed.fileNames };
}

/** Complaints of the compiler about these programs when only Espruino's library exists; empty when they may be built. */
export function checkTypes(root: string, entries: readonly string[]): string[] {
  const { options, files } = readChipConfig(root);
  const program = ts.createProgram([...files, ...entries], options);
  const host: ts.FormatDiagnosticsHost = { getCanonicalFileName: (name) => name, getCurrentDirectory: () => root, getNewLine: () => "\n" };
  const complaints = ts.getPreEmitDiagnostics(program).map((one) => ts.formatDiagnostic(one, host).trimEnd());
  return complaints.length > 0 ? complaints : lookUps(root, program);
}

/** Finds `./x.js` in x.ts and the chip's door of the protocol in its sources: an image is built from sources only, never from dist. */
function chipSources(root: string, options: ts.CompilerOptions): Plugin {
  return {
    name: "chip-sources",
    resolveId(source, importer) {
      if (source === "@trapeza/protocol/chip") return join(root, "protocol/chip.ts");
      if (importer === undefined) return resolve(source);
      const path = resolve(dirname(importer), source.replace(/\.js$/, ".ts"));
      if (source.startsWith(".") && existsSync(path)) return join(root, ON_CHIP[relative(root, path)] ?? relative(root, path));
      return this.error(`${importer} imports "${source}", which is not for the chip`);
    },
    transform(code, id) {
      return {
        code: ts.transpileModule(code, {
          compilerOptions: { ...options, noEmit: false, noLib: true },
          fileName: id,
        }).outputText,
        map: null,
      };
    },
  };
}

type Linked = { readonly ok: true; readonly code: string } | { readonly ok: false; readonly complaints: string[] };

/** The modules of an image as one text in the order of their dependencies; what cannot be linked is a complaint, not a crash of the build. */
async function link(root: string, entry: string): Promise<Linked> {
  const { options } = readChipConfig(root);
  const complaints: string[] = [];
  try {
    const linked = await rollup({
      input: entry,
      plugins: [chipSources(root, options)],
      onwarn: (warning) => {
        // A cycle has no order in which everything is declared before use.
        if (warning.code === "CIRCULAR_DEPENDENCY") complaints.push(warning.message);
      },
    });
    const { output } = await linked.generate({ format: "es", strict: false, generatedCode: "es5", freeze: false });
    await linked.close();
    const { code, exports } = output[0];
    if (exports.length > 0) complaints.push(`${entry} exports ${exports.join(", ")}; an image has no reader`);
    return complaints.length > 0 ? { ok: false, complaints } : { ok: true, code };
  } catch (error) {
    return { ok: false, complaints: [(error as Error).message] };
  }
}

/** Whether a function is not moved into the one that needs it: somebody outside its room calls it, or it is called all the time. */
function staysAtTop(plan: readonly Room[], rooms: ReadonlyMap<string, number>, name: string): boolean {
  const room = plan[rooms.get(name) ?? RESIDENT];
  return room !== undefined && (room.flat === true || room.entries.includes(name.replace(/\$top$/, "")));
}

const HOLD = 'globalThis["held"]=[';

/** Mentions the entries once more: a minifier writes a function that is called in one place into that place, and a room would have no door. */
function holdEntries(code: string, plan: readonly Room[], rooms: ReadonlyMap<string, number>): string {
  const entries = [...rooms.keys()].filter((name) => plan[rooms.get(name)!]?.entries.includes(name.replace(/\$top$/, "")));
  return entries.length > 0 ? `${code}\n${HOLD}${entries.join(",")}];` : code;
}

function letGo(code: string): string {
  return code.replace(/[,;]?globalThis\.held=\[[^\]]*\];?/, ";");
}

/** One file in, one text out: everything it imports from firmware/ and protocol/, as ES5 without wrapper, words in windows-1251, gates passed. */
export async function bundle(root: string, entry: string, limitBytes?: number, plan: readonly Room[] = []): Promise<Bundle> {
  const linked = await link(root, entry);
  if (!linked.ok) return linked;
  const taken = takeWords(plan.length > 0 ? withoutReasons(linked.code) : linked.code);
  const written = withUniqueNames(
    shortenCalls(inlineFormulas(plan.length > 0 ? shortKinds(dropCases(taken.code)) : dropCases(taken.code))),
  );
  const rooms = roomsOf(written, plan);
  const letters = encodeCyrillic(nestFunctions(written, rooms, (name) => staysAtTop(plan, rooms, name)));
  const unspelled = [...taken.complaints, ...letters.complaints];
  if (unspelled.length > 0) return { ok: false, complaints: unspelled };
  const kept = keptPropertyNames(root, taken.code);
  const nameCache = shortNames(letters.code, new Set(kept));
  const held = holdEntries(letters.code, plan, rooms);
  const code = declareAtHead(letGo((await minify(held, { ...terserOptions(kept), nameCache })).code ?? ""));
  const whole = checkImage(code, limitBytes);
  if (whole.length > 0) return { ok: false, complaints: whole };
  const short = new Map([...rooms].map(([name, room]) => [nameCache.vars.props[`$${name}`] ?? name, room]));
  const divided = divide(code, short, plan);
  const complaints = [...divided.complaints, ...checkWeight(divided.code, limitBytes)];
  return complaints.length > 0
    ? { ok: false, complaints }
    : { ok: true, code: divided.code, words: taken.file, depth: deepest(letters.code) };
}
