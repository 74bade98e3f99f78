import test from "ava";
import fc from "fast-check";
import { formatClaim, formatPaperCode, parseClaim, parsePaperCode } from "./claim.js";

const claims = fc.record({
  terminal: fc.integer({ min: 1, max: 65535 }),
  incarnation: fc.integer({ min: 1, max: 999 }),
  n: fc.integer({ min: 1 }),
});

test("a claim goes to paper and back", (t) => {
  fc.assert(
    fc.property(claims, (claim) => {
      t.deepEqual(parseClaim(formatClaim(claim.terminal, claim.incarnation, claim.n)), claim);
    }),
  );
  t.is(formatClaim(7, 1, 51), "7-1-51-4");
});

test("one wrong digit never passes for another claim", (t) => {
  fc.assert(
    fc.property(claims, fc.nat(), fc.integer({ min: 1, max: 9 }), (claim, at, by) => {
      const code = formatClaim(claim.terminal, claim.incarnation, claim.n);
      const places = [...code].flatMap((sign, i) => (sign === "-" ? [] : [i]));
      const place = places[at % places.length];
      const wrong = code.slice(0, place) + ((Number(code[place]) + by) % 10) + code.slice(place + 1);
      t.is(parseClaim(wrong), null);
    }),
  );
});

test("read out loud it comes back with blanks, dashes or spaces around", (t) => {
  const claim = { terminal: 7, incarnation: 1, n: 51 };
  for (const said of [" 7 1 51 4 ", "7–1–51–4", "7 - 1 - 51 - 4"]) t.deepEqual(parseClaim(said), claim, said);
  for (const said of ["", "7-1-51", "7-1-51-4-7", "7-1--7", "0-1-51-4", "7-1-5l-4", "7-01-51-4-"]) t.is(parseClaim(said), null, said);
});

const proof = { epoch: 1, index: 40, leaf: new Uint8Array(16).fill(171) };

test("a paper's code says what it is about and where it stands", (t) => {
  const leaf = "ab".repeat(16);
  t.is(formatPaperCode("24-001983", proof), `TRAPEZA 24-001983 1/40 ${leaf}`);
  t.deepEqual(parsePaperCode(`TRAPEZA 24-001983 1/40 ${leaf}`), { school: 24, receipt: 1983, claim: null, proof });
  t.deepEqual(parsePaperCode("TRAPEZA 04 7-1-51-4"), {
    school: 4,
    receipt: null,
    claim: { terminal: 7, incarnation: 1, n: 51 },
    proof: null,
  });
  t.deepEqual(parsePaperCode(formatPaperCode("24 7-1-51-4", proof))?.proof, proof);
});

test("any other text is none of ours", (t) => {
  const leaf = "ab".repeat(16);
  const others = ["", "TRAPEZA", "TRAPEZA 24", "TRAPEZA 24-1-2", `TRAPEZA 24 7-1-51-5 1/40 ${leaf}`, `TRAPEZA 24-1 1/40 ${leaf}00`];
  for (const other of [...others, `TRAPEZA 24-1 1/2/3 ${leaf}`, `TRAPEZA 24-1 ${leaf}`, "ST00012|Name=x", `trapeza 24-1 1/40 ${leaf}`]) {
    t.is(parsePaperCode(other), null, other);
  }
  fc.assert(fc.property(fc.string(), (text) => void t.notThrows(() => parsePaperCode("TRAPEZA " + text))));
});
