import { fileURLToPath } from "node:url";

/** A kiosk whose bill validator speaks ID003 has an image of its own. */
export type ImageKind = "payment" | "payment-id003" | "settlement" | "information";
export type FontSize = "small" | "normal" | "large";

/** Where `npm run tool -- build` leaves the image that a terminal of this kind boots; bytes of ASCII. Facts about it stand in the .json beside it. */
export function imagePath(kind: ImageKind): string {
  return fileURLToPath(new URL(`./images/${kind}.js`, import.meta.url));
}

/** The loader, `.bootcde` of every terminal; beside its images. */
export function loaderPath(): string {
  return fileURLToPath(new URL("./images/loader.js", import.meta.url));
}

/** Where the build leaves a font as the terminals read it from flash; the form is described in the package's README. */
export function fontPath(size: FontSize): string {
  return fileURLToPath(new URL(`./images/fonts/font-${size}.bin`, import.meta.url));
}

/** Where the build leaves the words of an image. They belong to that very image: its .json names (`words`) the file of Storage in which it looks for them. */
export function wordsPath(kind: ImageKind): string {
  return fileURLToPath(new URL(`./images/${kind}.words`, import.meta.url));
}
