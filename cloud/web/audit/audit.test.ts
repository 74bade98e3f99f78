/** What a stranger can do with the auditor's pages, with nothing but what stands on them. */
import test from "ava";
import { createHash } from "node:crypto";
import { fromBase64, openCheckpoint, parseVerifierKey, verifyConsistency } from "@trapeza/protocol";
import type { Kopecks } from "@trapeza/protocol";
import { KIOSK, PUPIL, PUPIL_CARD, SCHOOL, createTestSchool } from "../../_gateway.test.js";
import { sha256, verifySignature } from "../../crypto.js";
import { openBrowser, plain } from "../_browser.test.js";
import { createApp } from "../app.js";

const AUDIT = `/audit/${SCHOOL}/1`;

async function opened() {
  const { cloud, gateway } = await createTestSchool();
  const upload = async () => cloud.intake.receive(gateway.row, gateway.upload());
  await upload();
  const first = gateway.entries.length;
  const feed = async () => {
    const payee = { kind: "card", uid: PUPIL_CARD } as const;
    gateway.fact(KIOSK, { kind: "NoteStacked", payee, purse: "main", note: 10000 as Kopecks, visit: 1, happenedMs: null });
    await upload();
  };
  await feed();
  const children = [{ school: SCHOOL, account: PUPIL }];
  await cloud.registerGuardian({ phone: "79001234567", name: "Иванова Анна", password: "каша манная", children });
  const app = await createApp({ cloud, secureCookies: false, onError: () => undefined });
  return { app, cloud, gateway, feed, first };
}

function keysOn(html: string) {
  const texts = [...html.matchAll(/<b>[^<]*<\/b> <code>([^<]*)<\/code>/g)].map(([, text]) => plain(text).replaceAll("&#43;", "+"));
  return texts.map((text) => {
    const key = parseVerifierKey(sha256, text);
    if (!key.ok) throw new Error(text);
    return key.value;
  });
}

test("a stranger checks by hand that the journal of today has grown out of an earlier one", async (t) => {
  const { app, first, gateway } = await opened();
  const { html, text } = await openBrowser(app).open("/audit/" + SCHOOL);
  const [log, witness] = keysOn(html);
  t.true(text.includes(createHash("sha256").update(log.publicKey).digest("hex").slice(0, 4)));
  const note = async (query: string) => {
    const answer = await app.inject(AUDIT + "/checkpoint" + query);
    t.is(answer.statusCode, 200, query);
    const opened = openCheckpoint(answer.body, log.name, log, [witness], verifySignature);
    if (!opened.ok) throw new Error(opened.reason);
    t.is(opened.attestations.length, 2, "signed by the school and cosigned by the operator");
    return opened.checkpoint;
  };
  const [before, after] = [await note("?size=" + first), await note("")];
  t.deepEqual([before.size, after.size], [first, gateway.entries.length]);
  const proof = (await app.inject(AUDIT + "/consistency?from=" + first)).json<{ checkpoint: string; consistency: { path: string[] } }>();
  const path = proof.consistency.path.map((one) => fromBase64(one)!);
  t.true(verifyConsistency(sha256, before, after, path));
  t.false(verifyConsistency(sha256, { ...before, root: sha256(before.root) }, after, path), "of another past it proves nothing");
  t.true(text.includes("Записей\u00a0" + first) || text.includes("Записей " + first), text);
});

test("the pages tell of no child, account or sum, and of nobody who is logged in", async (t) => {
  const { app, gateway } = await opened();
  const browser = openBrowser(app);
  await browser.submit("/login", { phone: "79001234567", password: "каша манная" });
  for (const url of ["/audit", "/audit/" + SCHOOL, AUDIT + "/checkpoint", AUDIT + "/consistency", AUDIT + "/consistency?from=1"]) {
    const { status, html } = await browser.open(url);
    t.is(status, 200, url);
    t.notRegex(html, /Иванов|0242013137|79001234567|100,00|10000/, url);
    for (const entry of gateway.entries)
      for (const code of ["base64", "hex"] as const) t.false(html.includes(Buffer.from(entry).toString(code).slice(0, 24)), url);
  }
});

test("what was never signed is not there, and a proof is not to be had without end", async (t) => {
  const { app, first } = await opened();
  for (const url of [
    ...["/audit/25", "/audit/x", "/audit/25/1/checkpoint", `/audit/${SCHOOL}/2/checkpoint`, AUDIT + "/checkpoint?size=1"],
    ...[AUDIT + "/checkpoint?size=x", AUDIT + "/consistency?from=x", AUDIT + "/consistency?from=999999", AUDIT + "/consistency?from=-1"],
  ])
    t.is((await app.inject(url)).statusCode, 404, url);
  let given = 0;
  while ((await app.inject(AUDIT + "/consistency?from=" + first)).statusCode === 200) given++;
  t.true(given > 20 && given < 200, String(given));
  t.is((await app.inject(AUDIT + "/consistency")).statusCode, 429);
  t.is((await app.inject(AUDIT + "/checkpoint")).statusCode, 200, "the signature itself costs nothing");
});
