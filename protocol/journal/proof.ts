/**
 * What a receipt's owner takes home: the entry, where it stands, and why nobody can take it back unnoticed.
 *
 * The text is a C2SP tlog-proof v1, so that any tool for transparency logs checks index, path and checkpoint. Its `extra` line carries
 * what such a tool does not need: the entry itself and, when the reader remembers an older checkpoint, the path from that one.
 *
 *     c2sp.org/tlog-proof@v1
 *     extra <base64(entry, optional{size, path})>
 *     index <n>
 *     <base64 hash> …
 *     (blank)
 *     <checkpoint note>
 */
import { equalBytes, toHex } from "../wire/bytes.js";
import { bytes, decodeWhole, encode, fixedBytes, list, optional, record, uint } from "../wire/schema.js";
import type { Decoded } from "../wire/schema.js";
import { fromBase64, toBase64 } from "./base64.js";
import { readCheckpoint } from "./checkpoint.js";
import type { Checkpoint } from "./checkpoint.js";
import { leafInput, MAX_ENTRY_BYTES, shortLeaf } from "./entry.js";
import { consistencySteps, HASH_BYTES, inclusionSteps, nodeInput } from "./merkle.js";
import type { TreeHead } from "./merkle.js";
import { attestationOf, attestedBy, MAX_NOTE_LENGTH, signatureChecks } from "./note.js";
import type { Attestation, SignedNote, VerifierKey } from "./note.js";

const MAGIC = "c2sp.org/tlog-proof@v1";
/** A path has at most one hash a level, and one more where the second tree of a consistency path begins (RFC 6962 §2.1.2). */
const MAX_PATH = 64;
/** Entry in base64, paths, checkpoint: anything longer is not a proof of ours. */
export const MAX_PROOF_LENGTH = MAX_NOTE_LENGTH + 98304;

/** `consistency`: from the tree of `size` leaves that the reader remembers to the checkpoint's; `null` when nothing was asked for. */
export interface GrowthProof {
  readonly checkpoint: string;
  readonly consistency: { readonly size: number; readonly path: readonly Uint8Array[] } | null;
}

export interface ReceiptProof extends GrowthProof {
  readonly entry: Uint8Array;
  readonly index: number;
  readonly inclusion: readonly Uint8Array[];
}

const hashes = list(fixedBytes(HASH_BYTES), MAX_PATH);
const extra = record({ entry: bytes(MAX_ENTRY_BYTES), consistency: optional(record({ size: uint(), path: hashes })) });

export function formatReceiptProof(proof: ReceiptProof): string {
  const { entry, consistency } = proof;
  const carried = encode(extra, { entry, consistency: consistency && { size: consistency.size, path: consistency.path.slice() } });
  const lines = [MAGIC, "extra " + toBase64(carried), "index " + proof.index, ...proof.inclusion.map(toBase64)];
  return lines.join("\n") + "\n\n" + proof.checkpoint;
}

/** Reads the text; offsets count characters. Nothing is believed yet: see {@link verifyReceiptProof}. */
export function parseReceiptProof(text: string): Decoded<ReceiptProof> {
  if (text.length > MAX_PROOF_LENGTH) return malformed(MAX_PROOF_LENGTH, "proof too long");
  const blank = text.indexOf("\n\n");
  if (blank < 0) return malformed(text.length, "no blank line");
  const [magic, extraLine, indexLine, ...pathLines] = text.slice(0, blank).split("\n");
  if (magic !== MAGIC) return malformed(0, "not a tlog-proof");
  const extraAt = MAGIC.length + 1;
  const raw = extraLine !== undefined && extraLine.startsWith("extra ") ? fromBase64(extraLine.slice(6)) : null;
  if (!raw) return malformed(extraAt, "no extra line");
  const carried = decodeWhole(extra, raw);
  if (!carried.ok) return malformed(extraAt, carried.malformed.what);
  const indexAt = extraAt + extraLine.length + 1;
  const digits = indexLine !== undefined && indexLine.startsWith("index ") ? indexLine.slice(6) : "";
  const index = Number(digits);
  if (!/^(0|[1-9][0-9]*)$/.test(digits) || !Number.isSafeInteger(index)) return malformed(indexAt, "no index line");
  const pathAt = indexAt + indexLine.length + 1;
  if (pathLines.length > MAX_PATH) return malformed(pathAt, "path too long");
  const inclusion: Uint8Array[] = [];
  for (const line of pathLines) {
    const hash = fromBase64(line);
    if (!hash || hash.length !== HASH_BYTES) return malformed(pathAt, "not a hash");
    inclusion.push(hash);
  }
  return { ok: true, value: { ...carried.value, index, inclusion, checkpoint: text.slice(blank + 2) } };
}

/** Hash and signature, which may answer at once (node:crypto) or later (WebCrypto). */
export interface ProofCrypto {
  readonly sha256: (data: Uint8Array) => Uint8Array | Promise<Uint8Array>;
  readonly verify: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean | Promise<boolean>;
}

/**
 * What the reader knows without asking us. `leaf`: the beginning of the leaf hash printed on the receipt, with its `index`.
 * `witnessesNeeded`: how many of `witnesses` must have cosigned. `known`: the head of this log seen last time.
 */
export interface ProofTrust {
  readonly origin: string;
  readonly logKey: VerifierKey;
  readonly witnesses: readonly VerifierKey[];
  readonly witnessesNeeded: number;
  readonly receipt: { readonly index: number; readonly leaf: Uint8Array } | null;
  readonly known: TreeHead | null;
}

/** The step that failed, in the order of the checks. */
export type ProofFailure =
  | "checkpoint_malformed"
  | "wrong_log"
  | "not_signed"
  | "bad_signature"
  | "too_few_witnesses"
  | "other_entry"
  | "not_included"
  | "rewound"
  | "consistency_missing"
  | "forked";

export type ProofVerdict =
  | { readonly ok: true; readonly checkpoint: Checkpoint; readonly attestations: readonly Attestation[] }
  | { readonly ok: false; readonly failed: ProofFailure };

/**
 * Believes nothing but `trust`: signatures first, then that the entry is in the signed tree, then that this tree grew out of the one seen
 * last time.
 */
export async function verifyReceiptProof(proof: ReceiptProof, trust: ProofTrust, crypto: ProofCrypto): Promise<ProofVerdict> {
  const signed = await signedHead(proof.checkpoint, trust, crypto);
  if (!signed.ok) return signed;
  const leaf = await crypto.sha256(leafInput(proof.entry));
  const { receipt, known } = trust;
  if (receipt && (receipt.index !== proof.index || !equalBytes(receipt.leaf, shortLeaf(leaf)))) return failed("other_entry");
  if (!(await isIncluded(proof, leaf, signed.checkpoint, crypto))) return failed("not_included");
  const growth = known ? await growthFailure(proof, known, signed.checkpoint, crypto) : null;
  return growth ? failed(growth) : signed;
}

/** The same for whoever holds no entry and asks only whether the log has grown out of what was seen before. */
export async function verifyHead(proof: GrowthProof, trust: Omit<ProofTrust, "receipt">, crypto: ProofCrypto): Promise<ProofVerdict> {
  const signed = await signedHead(proof.checkpoint, trust, crypto);
  if (!signed.ok || !trust.known) return signed;
  const growth = await growthFailure(proof, trust.known, signed.checkpoint, crypto);
  return growth ? failed(growth) : signed;
}

async function signedHead(checkpoint: string, trust: Omit<ProofTrust, "receipt">, crypto: ProofCrypto): Promise<ProofVerdict> {
  const read = readCheckpoint(checkpoint, trust.origin);
  if (!read.ok) return failed(read.reason === "malformed" ? "checkpoint_malformed" : read.reason);
  const attestations = await attest(read.note, [trust.logKey, ...trust.witnesses], crypto);
  if (!attestations) return failed("bad_signature");
  if (!attestedBy(attestations, trust.logKey)) return failed("not_signed");
  if (witnessCount(attestations, trust) < trust.witnessesNeeded) return failed("too_few_witnesses");
  return { ok: true, checkpoint: read.checkpoint, attestations };
}

/** The signatures of known keys; `null` when one of them does not hold. */
async function attest(note: SignedNote, keys: readonly VerifierKey[], crypto: ProofCrypto): Promise<Attestation[] | null> {
  const checks = signatureChecks(note, keys);
  for (const check of checks) {
    if (!check.message || !(await crypto.verify(check.key.publicKey, check.message, check.signature))) return null;
  }
  return checks.map(attestationOf);
}

/** Different keys, not different names: a witness listed twice is one witness, and the log does not vouch for itself. */
function witnessCount(attestations: readonly Attestation[], trust: Pick<ProofTrust, "logKey">): number {
  const own = toHex(trust.logKey.publicKey);
  return new Set(attestations.map(({ key }) => toHex(key.publicKey)).filter((key) => key !== own)).size;
}

async function isIncluded(proof: ReceiptProof, leaf: Uint8Array, head: TreeHead, crypto: ProofCrypto): Promise<boolean> {
  const steps = inclusionSteps(proof.index, head.size);
  if (!steps || steps.length !== proof.inclusion.length) return false;
  let root = leaf;
  for (let i = 0; i < steps.length; i++) {
    const sibling = proof.inclusion[i];
    root = await crypto.sha256(steps[i] === "left" ? nodeInput(sibling, root) : nodeInput(root, sibling));
  }
  return equalBytes(root, head.root);
}

/** The same fold as `verifyConsistency`, for a hash that answers later. */
async function growthFailure(proof: GrowthProof, known: TreeHead, head: TreeHead, crypto: ProofCrypto): Promise<ProofFailure | null> {
  if (head.size < known.size) return "rewound";
  if (head.size === known.size) return equalBytes(head.root, known.root) ? null : "forked";
  if (known.size === 0) return null;
  const { consistency } = proof;
  const plan = consistencySteps(known.size, head.size);
  if (!consistency || consistency.size !== known.size || !plan) return "consistency_missing";
  const path = plan.startsWithFirst ? [known.root, ...consistency.path] : consistency.path;
  if (path.length !== plan.steps.length + 1) return "forked";
  let first = path[0];
  let second = path[0];
  for (let i = 0; i < plan.steps.length; i++) {
    const hash = path[i + 1];
    if (plan.steps[i] === "both") first = await crypto.sha256(nodeInput(hash, first));
    second = await crypto.sha256(plan.steps[i] === "both" ? nodeInput(hash, second) : nodeInput(second, hash));
  }
  return equalBytes(first, known.root) && equalBytes(second, head.root) ? null : "forked";
}

function failed(step: ProofFailure): ProofVerdict {
  return { ok: false, failed: step };
}

function malformed<T>(offset: number, what: string): Decoded<T> {
  return { ok: false, malformed: { offset, what } };
}
