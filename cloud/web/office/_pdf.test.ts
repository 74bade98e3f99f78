/** For tests: a paper as a printer would draw it. What poppler sees of it, its words, and what is wrong with its pages. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const POPPLER = existsSync("/usr/bin/pdftotext") && existsSync("/usr/bin/pdftoppm");

const DOTS_AN_INCH = 50;
/** Five millimetres, which no office printer reaches. */
const EDGE = Math.round((5 / 25.4) * DOTS_AN_INCH);
const DARK = 160;
/** A page with a heading and one line has more. */
const LEAST_INK = 100;

export interface Drawn {
  readonly text: string;
  /** A blank page, ink where a printer has none, a letter that the font does not have. */
  readonly troubles: readonly string[];
}

export function drawn(pdf: Uint8Array): Drawn {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-pdf-"));
  try {
    const file = join(folder, "paper.pdf");
    writeFileSync(file, pdf);
    const text = execFileSync("/usr/bin/pdftotext", ["-layout", file, "-"], { encoding: "utf8" });
    execFileSync("/usr/bin/pdftoppm", ["-r", String(DOTS_AN_INCH), "-gray", file, join(folder, "page")]);
    const pages = readdirSync(folder).filter((name) => name.endsWith(".pgm")).sort(); // prettier-ignore
    const troubles = pages.flatMap((name, at) =>
      troublesOf(readFileSync(join(folder, name))).map((what) => "page " + (at + 1) + ": " + what),
    );
    return { text, troubles: [...troubles, ...(/\ufffd/.test(text) ? ["a letter that cannot be read"] : [])] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A portable graymap of eight bits: "P5 width height 255", one white space, rows from above. */
function troublesOf(pgm: Buffer): string[] {
  const [head, width, height] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(pgm.subarray(0, 40).toString("latin1")) ?? [];
  if (head === undefined) return ["it cannot be drawn"];
  const [across, down, from] = [Number(width), Number(height), head.length];
  let [ink, edge] = [0, 0];
  for (let at = 0; at < across * down; at++) {
    if (pgm[from + at] > DARK) continue;
    const [x, y] = [at % across, Math.floor(at / across)];
    ink++;
    if (x < EDGE || y < EDGE || x >= across - EDGE || y >= down - EDGE) edge++;
  }
  return [...(ink < LEAST_INK ? ["it is blank"] : []), ...(edge > 0 ? ["ink at the edge, " + edge + " dots"] : [])];
}
