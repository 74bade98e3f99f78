/** The paper that goes with the bag: what the journal expects in it, who took it, and room for what is counted and signed. */
import { eachRow } from "@trapeza/protocol/chip";
import type { Collected, Collection } from "./collection-state.js";
import { big, boldPair, pair, qr, RULE, text, title } from "./receipt.js";
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
    eachRow(collected.notes, 0, collected.notes.length, function (pile) {
      count += pile.count;
      lines.push(pair(formatMoney(pile.note) + " x " + pile.count, formatMoney(pile.note * pile.count)));
    });
    lines.push(pair(say(common, COLLECTION.notes), String(count)));
    lines.push(boldPair(say(common, COLLECTION.expected), formatMoney(collected.expected)));
    if (!collected.proven) lines.push(text(say(common, COLLECTION.unproven)));
  }
  const seal = collected ? collected.seal : collection.seal;
  lines.push(pair(say(common, COLLECTION.counted), BLANK), RULE, pair(say(common, COLLECTION.seal), seal));
  lines.push(text(say(common, COLLECTION.collector) + ": " + (collected ? collected.collector : collection.name)), pair("", BLANK));
  lines.push(text(say(common, COLLECTION.second) + ": " + (collected ? collected.witness : collection.second)), pair("", BLANK));
  const { n } = collection;
  lines.push(RULE, text(say(common, SHARED.claimCode)), big(claimCode(common, n)));
  lines.push(qr(claimQr(common, n, collected ? collected.proof : null)));
  return lines;
}
