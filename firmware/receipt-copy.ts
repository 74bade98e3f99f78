/** A paper that is had once more, and says so. Its lines are kept as one text, which takes half the memory. */
import { RULE, title } from "./receipt.js";
import type { PaperLine } from "./receipt.js";
import { say } from "./say.js";
import type { Common } from "./terminal.js";
import { SHARED } from "./words.js";

/** Stands in no line: control characters do not come over the wire. */
const BETWEEN = "\t";

export function keptPaper(lines: ReadonlyArray<PaperLine>): string {
  return lines.join(BETWEEN);
}

export function linesOf(paper: string): PaperLine[] {
  return paper.split(BETWEEN);
}

/** The same lines, marked above and below. No operation: the journal knows the paper already. */
export function copyOf(common: Common, lines: ReadonlyArray<PaperLine>): PaperLine[] {
  const mark = title(say(common, SHARED.copied));
  return [mark].concat(lines, [RULE, mark]);
}
