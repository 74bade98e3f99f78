import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { rollup, type Plugin } from "rollup";
import { minify, type MinifyOptions } from "terser";
import ts from "typescript";
import { boardNames } from "./board-name.js";
import { dropCases } from "./cases.js";
import { encodeCyrillic } from "./cyrillic.js";
import { checkImage } from "./gate.js";
import { inlineFormulas } from "./inline.js";
import { nestFunctions } from "./nest.js";
import { keptPropertyNames, lookUps } from "./property-name.js";
import { declareAtHead } from "./scope.js";
import { shortenCalls } from "./short-call.js";
import { shortNames } from "./short-name.js";
import { takeWords, type WordFile } from "./words.js";

/** Code that may be flashed and the words that lie beside it (none: it has none), or why not. */
export type Bundle =
  { readonly ok: true; readonly code: string; readonly words: WordFile | null } | { readonly ok: false; readonly complaints: string[] };

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
  compress: { ecma: 5, hoist_funs: true, hoist_vars: false, inline: 1, reduce_funcs: false, passes: 2, arrows: false, unsafe: false },
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

/** One file in, one text out: everything it imports from firmware/ and protocol/, as ES5 without wrapper, words in windows-1251, gates passed. */
export async function bundle(root: string, entry: string, limitBytes?: number): Promise<Bundle> {
  const linked = await link(root, entry);
  if (!linked.ok) return linked;
  const taken = takeWords(linked.code);
  const letters = encodeCyrillic(nestFunctions(shortenCalls(inlineFormulas(dropCases(taken.code)))));
  const unspelled = [...taken.complaints, ...letters.complaints];
  if (unspelled.length > 0) return { ok: false, complaints: unspelled };
  const kept = keptPropertyNames(root, taken.code);
  const options = { ...terserOptions(kept), nameCache: shortNames(letters.code, new Set(kept)) };
  const code = declareAtHead((await minify(letters.code, options)).code ?? "");
  const complaints = checkImage(code, limitBytes);
  return complaints.length > 0 ? { ok: false, complaints } : { ok: true, code, words: taken.file };
}
