/**
 * A photograph as cards need it: 35 × 45 mm at 300 dots an inch, upright, drawn anew. What was in the file beside the picture (place, time, camera, owner)
 * stays behind with it.
 */
import { encodePortrait, PORTRAIT_HEIGHT as TILL_HEIGHT, PORTRAIT_WIDTH as TILL_WIDTH } from "@trapeza/protocol";

export const PORTRAIT_WIDTH = 413;
export const PORTRAIT_HEIGHT = 531;
/** Below half of it a face is no longer known again on a card. */
const LEAST = 0.5;
/** A telephone's 50 megapixels; what unfolds beyond is nobody's portrait. */
const MOST_PIXELS = 50_000_000;
const QUALITY = 88;
/** A head stands in the upper half: of what is too tall, a quarter is cut off above and the rest below. */
const ABOVE = 0.25;

/** kind: neither JPEG nor PNG by its first bytes; damaged: it cannot be drawn to the end. */
export type PortraitFault = "kind" | "damaged" | "small" | "large";
export type MadePortrait = { readonly ok: true; readonly jpeg: Uint8Array } | { readonly ok: false; readonly fault: PortraitFault };

/** Loaded with the first photograph: most processes of the cloud see none. */
const loadSharp = async () => (await import("sharp")).default;

const BEGINNINGS = [
  [0xff, 0xd8, 0xff],
  [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
];

export interface Crop {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The largest part with a card's proportions. */
export function cropOf(width: number, height: number): Crop {
  const across = Math.min(width, Math.round((height * PORTRAIT_WIDTH) / PORTRAIT_HEIGHT));
  const down = Math.min(height, Math.round((width * PORTRAIT_HEIGHT) / PORTRAIT_WIDTH));
  return { left: Math.floor((width - across) / 2), top: Math.floor((height - down) * ABOVE), width: across, height: down };
}

export async function makePortrait(bytes: Uint8Array): Promise<MadePortrait> {
  const fault = (what: PortraitFault): MadePortrait => ({ ok: false, fault: what });
  // Asked before any library sees it: of all that libvips can read, only these two are let in.
  if (!BEGINNINGS.some((beginning) => beginning.every((byte, at) => bytes[at] === byte))) return fault("kind");
  const sharp = await loadSharp();
  try {
    const found = await sharp(bytes, { limitInputPixels: false }).metadata();
    if (found.width * found.height > MOST_PIXELS) return fault("large");
    const crop = cropOf(found.autoOrient.width, found.autoOrient.height);
    if (crop.width < PORTRAIT_WIDTH * LEAST) return fault("small");
    const drawn = sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: "error" }).autoOrient().extract(crop);
    const upright = drawn.resize(PORTRAIT_WIDTH, PORTRAIT_HEIGHT, { fit: "fill" }).flatten({ background: "#ffffff" }).toColourspace("srgb");
    return { ok: true, jpeg: new Uint8Array(await upright.jpeg({ quality: QUALITY }).toBuffer()) };
  } catch {
    return fault("damaged");
  }
}

/**
 * A card's portrait as a till's screen shows it: {@link encodePortrait}'s bytes, its darkest and lightest parts stretched over the sixteen greys there are;
 * `null` when the picture cannot be drawn.
 */
export async function drawForTill(jpeg: Uint8Array): Promise<Uint8Array | null> {
  // Outside: a machine that cannot draw says nothing about the picture.
  const sharp = await loadSharp();
  const small = sharp(jpeg).resize(TILL_WIDTH, TILL_HEIGHT, { fit: "cover" }).greyscale().normalise();
  const pixels = await small
    .raw()
    .toBuffer()
    .catch(() => null);
  if (pixels === null) return null;
  const rows = Uint8Array.from({ length: pixels.length / 2 }, (_, at) => (pixels[at * 2] & 0xf0) | (pixels[at * 2 + 1] >> 4));
  return encodePortrait({ width: TILL_WIDTH, height: TILL_HEIGHT, rows });
}
