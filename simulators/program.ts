/** The real firmware as the build leaves it: what a technician's tool would write into a terminal's flash. */
import { existsSync, readFileSync } from "node:fs";
import { latinBytes } from "@trapeza/protocol";
import { PROGRAM_FILE } from "./board-flash.js";
import { fontPath, imagePath, loaderPath, wordsPath, type ImageKind } from "@trapeza/firmware";

export interface Program {
  /** ASCII. */
  readonly image: string;
  /** What boots and starts the image or a later release of it; ASCII. */
  readonly loader: string;
  /** Files beside it in Storage, by name. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** Reads one image, its words and fonts. Throws a sentence when they have not been built. */
export function loadProgram(kind: ImageKind): Program {
  const path = imagePath(kind);
  if (!existsSync(path)) throw new Error(`there is no image of the ${kind} terminal yet: run "npm run tool -- build"`);
  const font = (size: "small" | "normal" | "large"): Uint8Array => new Uint8Array(readFileSync(fontPath(size)));
  const { words } = JSON.parse(readFileSync(path.replace(/js$/, "json"), "utf8")) as { words: string };
  return {
    image: readFileSync(path, "latin1"),
    loader: readFileSync(loaderPath(), "latin1"),
    files: {
      ...{ "font-small": font("small"), "font-normal": font("normal"), "font-large": font("large") },
      [words]: new Uint8Array(readFileSync(wordsPath(kind))),
    },
  };
}

/** The image that a terminal with this configuration runs. */
export function imageFor(config: { readonly kind: Exclude<ImageKind, "payment-id003">; readonly line?: "ccnet" | "id003" }): ImageKind {
  return config.kind === "payment" && config.line === "id003" ? "payment-id003" : config.kind;
}

/** What a technician's tool writes, in this order: what boots comes last, so that it never starts half of what it needs. */
export function flashFiles({ image, loader, files }: Program): ReadonlyMap<string, Uint8Array> {
  return new Map([...Object.entries(files), [PROGRAM_FILE, latinBytes(image)], [".bootcde", latinBytes(loader)]]);
}
