/** A paper that is had once more, and says so. */
import { paperOf, RULE, title } from "./receipt.js";
import { say } from "./say.js";
import type { Common } from "./terminal.js";
import { SHARED } from "./words.js";

/** The same lines, marked above and below. No operation: the journal knows the paper already. */
export function copyOf(common: Common, paper: string): string {
  const mark = title(say(common, SHARED.copied));
  return paperOf([mark, paper, RULE, mark]);
}
