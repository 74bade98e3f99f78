import { webcrypto } from "node:crypto";
import test from "ava";
import fc from "fast-check";
import { flipBit, logOf, numbered, sha256, signerOf, verifySignature } from "./_log.test.js";
import type { MemoryLog } from "./_log.test.js";
import { cosignCheckpoint, signCheckpoint } from "./checkpoint.js";
import { encodeEntry, leafHash, SALT_BYTES, shortLeaf } from "./entry.js";
import { consistencyPath, inclusionPath, readHead } from "./merkle.js";
import { formatNote, parseNote } from "./note.js";
import { formatReceiptProof, MAX_PROOF_LENGTH, parseReceiptProof, verifyHead, verifyReceiptProof } from "./proof.js";
import type { ProofCrypto, ProofFailure, ProofTrust, ReceiptProof } from "./proof.js";

const origin = "trapeza.example/school-7/epoch-1";
const logSigner = signerOf(origin, "ed25519", new Uint8Array(32).fill(1));
const cloud = signerOf("trapeza.example/cloud", "cosignature", new Uint8Array(32).fill(2));
const entryOf = (index: number): Uint8Array => encodeEntry({ salt: new Uint8Array(SALT_BYTES).fill(index), event: numbered(index) });
const journal = logOf(Array.from({ length: 130 }, (_, index) => entryOf(index)));
const node: ProofCrypto = { sha256, verify: verifySignature };

function checkpointOf(log: MemoryLog, size: number): string {
  const note = parseNote(signCheckpoint({ origin, ...readHead(sha256, log.read, size) }, logSigner));
  if (!note.ok) throw new Error(note.malformed.what);
  return formatNote(cosignCheckpoint(note.value, cloud, 1763678000));
}

function proofOf(index: number, size: number, from: number | null, log = journal): ReceiptProof {
  const consistency = from === null ? null : { size: from, path: consistencyPath(sha256, log.read, from, size)! };
  return {
    entry: entryOf(index),
    index,
    inclusion: inclusionPath(sha256, log.read, index, size)!,
    checkpoint: checkpointOf(log, size),
    consistency,
  };
}

function trustOf(index: number, known: number | null): ProofTrust {
  return {
    origin,
    logKey: logSigner.key,
    witnesses: [cloud.key],
    witnessesNeeded: 1,
    receipt: { index, leaf: shortLeaf(journal.leaves[index]) },
    known: known === null ? null : readHead(sha256, journal.read, known),
  };
}

const threeNumbers = fc
  .integer({ min: 1, max: 130 })
  .chain((size) => fc.tuple(fc.nat(size - 1), fc.constant(size), fc.integer({ min: 0, max: size })));

test("every entry's proof, written and read, holds for one who remembers nothing and for one who remembers an earlier head", async (t) => {
  await fc.assert(
    fc.asyncProperty(threeNumbers, async ([index, size, known]) => {
      const proof = proofOf(index, size, known);
      const parsed = parseReceiptProof(formatReceiptProof(proof));
      t.deepEqual(parsed, { ok: true, value: proof });
      t.like(await verifyReceiptProof(proof, trustOf(index, known), node), { ok: true, checkpoint: { size } });
      t.like(await verifyReceiptProof(proofOf(index, size, null), trustOf(index, null), node), { ok: true });
      t.like(await verifyHead(proof, trustOf(index, known), node), { ok: true, checkpoint: { size } });
    }),
    { numRuns: 60 },
  );
});

test("a browser's own hash and Ed25519, which answer later, come to the same", async (t) => {
  const { subtle } = webcrypto;
  const browser: ProofCrypto = {
    sha256: async (data) => new Uint8Array(await subtle.digest("SHA-256", data.slice())),
    verify: async (publicKey, message, signature) => {
      const key = await subtle.importKey("raw", publicKey.slice(), "Ed25519", false, ["verify"]);
      return subtle.verify("Ed25519", key, signature.slice(), message.slice());
    },
  };
  const proof = proofOf(77, 130, 100);
  t.like(await verifyReceiptProof(proof, trustOf(77, 100), browser), { ok: true });
  t.deepEqual(await verifyReceiptProof({ ...proof, entry: flipBit(proof.entry, 5) }, { ...trustOf(77, 100), receipt: null }, browser), {
    ok: false,
    failed: "not_included",
  });
});

const good = proofOf(77, 130, 100);
const trust = trustOf(77, 100);
const forged = logOf(Array.from({ length: 130 }, (_, index) => entryOf(index === 50 ? 51 : index)));
const stranger = signerOf(origin, "ed25519", new Uint8Array(32).fill(9));
const strangersCheckpoint = signCheckpoint({ origin, ...readHead(sha256, journal.read, 130) }, stranger);

const failures: [string, ProofFailure, ReceiptProof, ProofTrust][] = [
  ["a checkpoint that is none", "checkpoint_malformed", { ...good, checkpoint: "hello" }, trust],
  ["the checkpoint of another school", "wrong_log", good, { ...trust, origin: "trapeza.example/school-8/epoch-1" }],
  ["a checkpoint that somebody else signed", "not_signed", { ...good, checkpoint: strangersCheckpoint }, { ...trust, witnessesNeeded: 0 }],
  [
    "a checkpoint changed after it was signed",
    "bad_signature",
    { ...good, checkpoint: good.checkpoint.replace("\n130\n", "\n131\n") },
    trust,
  ],
  ["a checkpoint that too few have seen", "too_few_witnesses", good, { ...trust, witnessesNeeded: 2 }],
  ["a witness counted twice", "too_few_witnesses", good, { ...trust, witnesses: [cloud.key, cloud.key], witnessesNeeded: 2 }],
  ["the log as its own witness", "too_few_witnesses", good, { ...trust, witnesses: [cloud.key, logSigner.key], witnessesNeeded: 2 }],
  ["another entry than the one on the receipt", "other_entry", proofOf(78, 130, 100), trust],
  ["another entry at the receipt's place", "other_entry", { ...good, entry: entryOf(78) }, trust],
  ["an entry that was never in the log", "not_included", { ...good, entry: entryOf(200) }, { ...trust, receipt: null }],
  ["a path too short", "not_included", { ...good, inclusion: good.inclusion.slice(1) }, trust],
  ["a place beyond the log", "not_included", { ...good, index: 130 }, { ...trust, receipt: null }],
  ["a log shorter than it was", "rewound", proofOf(77, 99, 90), trust],
  ["growth that nobody proves", "consistency_missing", { ...good, consistency: null }, trust],
  ["growth proved from another head", "consistency_missing", proofOf(77, 130, 90), trust],
  ["another past, of the same size", "forked", proofOf(77, 100, null, forged), trust],
  ["another past, grown since", "forked", proofOf(77, 130, 100, forged), trust],
  ["a consistency path too short", "forked", { ...good, consistency: { size: 100, path: good.consistency!.path.slice(1) } }, trust],
  ["an empty consistency path", "forked", { ...good, consistency: { size: 100, path: [] } }, trust],
];

for (const [title, failed, proof, wanted] of failures) {
  test(`${title}: ${failed}`, async (t) => {
    t.deepEqual(await verifyReceiptProof(proof, wanted, node), { ok: false, failed });
    const isOfEntry = failed === "other_entry" || failed === "not_included";
    t.like(await verifyHead(proof, wanted, node), isOfEntry ? { ok: true } : { ok: false, failed }, "for whoever holds no entry");
  });
}

test("the same entry at another place is another entry: the receipt names the place", async (t) => {
  const twice = logOf([entryOf(1), entryOf(1)]);
  const proof = proofOf(1, 2, null, twice);
  const leaf = shortLeaf(leafHash(sha256, entryOf(1)));
  const wanted = { ...trust, known: null };
  t.like(await verifyReceiptProof(proof, { ...wanted, receipt: { index: 1, leaf } }, node), { ok: true });
  t.deepEqual(await verifyReceiptProof(proof, { ...wanted, receipt: { index: 0, leaf } }, node), { ok: false, failed: "other_entry" });
});

test("one flipped bit anywhere in entry, index or paths fails", async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.nat(255), async (which, bit) => {
      const { inclusion, consistency } = good;
      const path = consistency!.path;
      const spot = which % (inclusion.length + path.length + 2);
      const at = spot - inclusion.length;
      const bad: ReceiptProof =
        spot < inclusion.length
          ? { ...good, inclusion: inclusion.with(spot, flipBit(inclusion[spot], bit)) }
          : at < path.length
            ? { ...good, consistency: { size: 100, path: path.with(at, flipBit(path[at], bit)) } }
            : at === path.length
              ? { ...good, entry: flipBit(good.entry, bit % (good.entry.length * 8)) }
              : { ...good, index: good.index ^ (1 << (bit % 31)) };
      t.false((await verifyReceiptProof(bad, { ...trust, receipt: null }, node)).ok);
    }),
    { numRuns: 200 },
  );
});

test("the text is a C2SP tlog-proof: a first line, extra, index, the path, a blank line, the checkpoint", (t) => {
  const lines = formatReceiptProof(proofOf(1, 2, null)).split("\n");
  t.is(lines[0], "c2sp.org/tlog-proof@v1");
  t.is(lines[1], "extra " + Buffer.from([20, ...entryOf(1), 0]).toString("base64"));
  t.is(lines[2], "index 1");
  t.is(lines[3], Buffer.from(leafHash(sha256, entryOf(0))).toString("base64"));
  t.is(lines[4], "");
  t.is(lines.slice(5).join("\n"), checkpointOf(journal, 2));
});

test("what is not a proof is malformed and never throws", (t) => {
  const text = formatReceiptProof(good);
  const bad = [
    "",
    text.replace("@v1", "@v2"),
    text.replace(/extra .*\n/, ""),
    text.replace(/extra .*/, "extra !"),
    text.replace(/extra .*/, "extra AA=="),
    text.replace("index 77", "index 077"),
    text.replace("index 77", "index -1"),
    text.replace("index 77\n", ""),
    text.replace("index 77\n", "index 77\nAAAA\n"),
    text.replace("index 77\n", "index 77\n" + (Buffer.alloc(32).toString("base64") + "\n").repeat(64)),
    text + " ".repeat(MAX_PROOF_LENGTH),
  ];
  for (const broken of bad) t.false(parseReceiptProof(broken).ok, broken.slice(0, 60));
  fc.assert(
    fc.property(fc.nat(text.length), fc.nat(text.length), fc.string(), (from, to, middle) => {
      parseReceiptProof(text.slice(0, from) + middle + text.slice(to));
    }),
  );
});
