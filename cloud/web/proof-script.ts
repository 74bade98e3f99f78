/**
 * Checks a receipt in the browser: fetches the proof, verifies both signatures and both paths by the very code that everybody else uses, compares the entry
 * with what the page says, and remembers key and head. Next time the journal has to have grown out of this one, signed by the same key.
 */
export const PROOF_SCRIPT = `import { parseReceiptProof, verifyReceiptProof } from "./journal/proof.js";
import { decodeEntry } from "./journal/entry.js";
import { eventSchema } from "./journal/event.js";
import { decodeWhole } from "./wire/schema.js";
import { fromHex, toHex } from "./wire/bytes.js";
const box = document.querySelector("[data-proof]");
const { proof: source, account, sum } = box.dataset;
const own = { sha256, verify };
async function sha256(data) { return new Uint8Array(await crypto.subtle.digest("SHA-256", data)); }
async function verify(key, message, signature) {
  const imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "Ed25519" }, imported, signature, message);
}
function keyOf(name) {
  const key = JSON.parse(box.dataset[name]);
  return { ...key, publicKey: fromHex(key.publicKey) };
}
function remembered(name) {
  try { return JSON.parse(localStorage.getItem("journal " + name)); } catch { return null; }
}
function sumOf(entry) {
  const opened = decodeEntry(entry);
  const event = opened.ok ? decodeWhole(eventSchema, opened.value.event) : opened;
  if (!event.ok) return null;
  const { change, changes = change ? [change] : [] } = event.value.body;
  return changes.reduce((all, one) => (String(one.account) === account ? all + one.mainDelta + one.additionalDelta : all), 0);
}
async function check() {
  const log = keyOf("log");
  const witness = keyOf("witness");
  if (!window.crypto || !crypto.subtle) return "old";
  try { await crypto.subtle.importKey("raw", log.publicKey, { name: "Ed25519" }, false, ["verify"]); } catch { return "old"; }
  const before = remembered(log.name);
  if (before && before.key !== toHex(log.publicKey)) return "bad";
  const answer = await fetch(source + (before ? "?since=" + before.size : "")).catch(() => null);
  if (!answer || !answer.ok) return "away";
  const parsed = parseReceiptProof(await answer.text());
  if (!parsed.ok) return "bad";
  const known = before && { size: before.size, root: fromHex(before.root) };
  const trust = { origin: log.name, logKey: log, witnesses: [witness], witnessesNeeded: 1, receipt: null, known };
  const verdict = await verifyReceiptProof(parsed.value, trust, own);
  if (!verdict.ok) return "bad";
  if (String(sumOf(parsed.value.entry)) !== sum) return "other";
  const { size, root } = verdict.checkpoint;
  try { localStorage.setItem("journal " + log.name, JSON.stringify({ size, root: toHex(root), key: toHex(log.publicKey) })); } catch {}
  return before ? "grown" : "good";
}
check().catch(() => "bad").then((said) => {
  for (const one of box.querySelectorAll("[data-say]")) one.hidden = one.dataset.say !== said;
  box.dataset.said = said;
});
`;
