/** The paper that goes with the bag: what the journal expects in it, who took it, and room for what is counted and signed. */
import type { Collected, Collection } from "./collection-state.js";
import { pair, RULE, text, title } from "./receipt.js";
import type { PaperLine } from "./receipt.js";
import { say } from "./say.js";
import { claimCode, claimQr, formatMoney, formatTime } from "./terminal.js";
import type { Common } from "./terminal.js";
import { COLLECTION, SHARED } from "./words.js";

const BLANK = "______________";

/** `collected` null: the gateway has not answered; the paper then has no figures, and the claim code leads to them. */
export function collectionPaper(common: Common, collection: Collection, collected: Collected | null): PaperLine[] {
  const lines: PaperLine[] = [title(say(common, COLLECTION.title))];
  if (common.policy) lines.push(text(common.policy.operator), text(common.policy.school));
  lines.push(pair(say(common, SHARED.terminal), String(common.terminal)));
  lines.push(text(formatTime(common.localMs, say(common, SHARED.timeUnknown))), RULE);
  if (!collected) lines.push(text(say(common, COLLECTION.later)));
  else {
    let count = 0;
    for (let i = 0; i < collected.notes.length; i++) {
      const pile = collected.notes[i];
      count += pile.count;
      lines.push(pair(formatMoney(pile.note) + " x " + pile.count, formatMoney(pile.note * pile.count)));
    }
    lines.push(pair(say(common, COLLECTION.notes), String(count)));
    lines.push({ kind: "pair", left: say(common, COLLECTION.expected), right: formatMoney(collected.expected), bold: true });
    if (!collected.proven) lines.push(text(say(common, COLLECTION.unproven)));
  }
  const seal = collected ? collected.seal : collection.seal;
  lines.push(pair(say(common, COLLECTION.counted), BLANK), RULE, pair(say(common, COLLECTION.seal), seal));
  lines.push(text(say(common, COLLECTION.collector) + ": " + (collected ? collected.collector : collection.name)), pair("", BLANK));
  lines.push(text(say(common, COLLECTION.second) + ": " + (collected ? collected.witness : collection.second)), pair("", BLANK));
  const { n } = collection;
  lines.push(RULE, text(say(common, SHARED.claimCode)), { kind: "text", text: claimCode(common, n), bold: true, large: true });
  lines.push({ kind: "qr", text: claimQr(common, n, collected ? collected.proof : null) });
  return lines;
}
