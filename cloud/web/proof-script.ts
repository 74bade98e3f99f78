/**
 * Checks in the reader's own browser, by the very code that everybody else uses: a receipt against its school's journal, and a journal against what it was
 * when this browser saw it last. Key and head are remembered: next time the journal has to have grown out of this one, signed by the same key.
 */

/** What both checks need of a browser. */
export const OWN_SCRIPT = `import { fromHex, toHex } from "./wire/bytes.js";
async function sha256(data) { return new Uint8Array(await crypto.subtle.digest("SHA-256", data)); }
const imported = (key) => crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
async function verify(key, message, signature) {
  return crypto.subtle.verify({ name: "Ed25519" }, await imported(key), signature, message);
}
export const own = { sha256, verify };
export function keyOf(box, name) {
  const key = JSON.parse(box.dataset[name]);
  return { ...key, publicKey: fromHex(key.publicKey) };
}
export async function isAble(key) {
  if (!window.crypto || !crypto.subtle) return false;
  return imported(key.publicKey).then(() => true, () => false);
}
export function remembered(log) {
  try { return JSON.parse(localStorage.getItem("journal " + log.name)); } catch { return null; }
}
export function remember(log, { size, root }) {
  try { localStorage.setItem("journal " + log.name, JSON.stringify({ size, root: toHex(root), key: toHex(log.publicKey) })); } catch {}
}
export function headOf(before) { return before && { size: before.size, root: fromHex(before.root) }; }
export function isOtherKey(before, log) { return Boolean(before && before.key !== toHex(log.publicKey)); }
export function show(box, check) {
  check().catch(() => "bad").then((said) => {
    for (const one of box.querySelectorAll("[data-say]")) one.hidden = one.dataset.say !== said;
    box.dataset.said = said;
  });
}
`;

export const PROOF_SCRIPT = `import { parseReceiptProof, verifyReceiptProof } from "./journal/proof.js";
import { decodeEntry } from "./journal/entry.js";
import { eventSchema } from "./journal/event.js";
import { decodeWhole } from "./wire/schema.js";
import { headOf, isAble, isOtherKey, keyOf, own, remember, remembered, show } from "./own.js";
const box = document.querySelector("[data-proof]");
const { proof: source, account, sum } = box.dataset;
function sumOf(entry) {
  const opened = decodeEntry(entry);
  const event = opened.ok ? decodeWhole(eventSchema, opened.value.event) : opened;
  if (!event.ok) return null;
  const { change, changes = change ? [change] : [] } = event.value.body;
  return changes.reduce((all, one) => (String(one.account) === account ? all + one.mainDelta + one.additionalDelta : all), 0);
}
show(box, async () => {
  const log = keyOf(box, "log");
  const witness = keyOf(box, "witness");
  if (!(await isAble(log))) return "old";
  const before = remembered(log);
  if (isOtherKey(before, log)) return "bad";
  const answer = await fetch(source + (before ? "?since=" + before.size : "")).catch(() => null);
  if (!answer || !answer.ok) return "away";
  const parsed = parseReceiptProof(await answer.text());
  if (!parsed.ok) return "bad";
  const trust = { origin: log.name, logKey: log, witnesses: [witness], witnessesNeeded: 1, receipt: null, known: headOf(before) };
  const verdict = await verifyReceiptProof(parsed.value, trust, own);
  if (!verdict.ok) return "bad";
  if (String(sumOf(parsed.value.entry)) !== sum) return "other";
  remember(log, verdict.checkpoint);
  return before ? "grown" : "good";
});
`;

export const AUDIT_SCRIPT = `import { verifyHead } from "./journal/proof.js";
import { fromBase64 } from "./journal/base64.js";
import { headOf, isAble, isOtherKey, keyOf, own, remember, remembered, show } from "./own.js";
function readGrowth({ checkpoint, consistency }) {
  const path = consistency && consistency.path.map((hash) => fromBase64(hash));
  return { checkpoint, consistency: consistency && { size: consistency.size, path } };
}
for (const box of document.querySelectorAll("[data-audit]")) show(box, async () => {
  const log = keyOf(box, "log");
  const witness = keyOf(box, "witness");
  if (!(await isAble(log))) return "old";
  const before = remembered(log);
  if (isOtherKey(before, log)) return "bad";
  const answer = await fetch(box.dataset.audit + (before ? "?from=" + before.size : "")).catch(() => null);
  if (!answer) return "away";
  // A journal that is shorter than what this browser has seen has lost something.
  if (!answer.ok) return before && answer.status === 404 ? "bad" : "away";
  const trust = { origin: log.name, logKey: log, witnesses: [witness], witnessesNeeded: 1, known: headOf(before) };
  const verdict = await verifyHead(readGrowth(await answer.json()), trust, own);
  if (!verdict.ok) return "bad";
  remember(log, verdict.checkpoint);
  return before ? "grown" : "good";
});
`;
