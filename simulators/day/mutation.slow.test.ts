/** Defects put into the built product, one at a time: the days must find each of them. README.md has the table. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import test from "ava";
import type { SizeName } from "./size.js";
import type { Patch } from "./_patch-hook.test.js";

const run = promisify(execFile);
const worker = fileURLToPath(new URL("./_spoilt-day.test.js", import.meta.url));

interface Defect extends Patch {
  readonly title: string;
  readonly found: RegExp;
  readonly faults?: string;
  readonly seed?: number;
  readonly days?: number;
  readonly size?: SizeName;
}

const DEFECTS: readonly Defect[] = [
  {
    title: "an answer is given and not kept",
    file: "gateway/dist/journal/journal.js",
    from: "            this.store.file.insertAnswer(this.#answers.count, row);",
    to: "",
    faults: "frames,gateway-cut,half-open,cable",
    seed: 8,
    size: "short",
    found: /answer \d+ is missing/,
  },
  {
    title: "an operation that is asked for again is decided again",
    file: "gateway/dist/deciding.js",
    from: "if (!answeredUnder(desk, key).some((row) => equalBytes(row.digest, key.digest)))",
    to: "if (true)",
    faults: "frames,gateway-cut,half-open",
    seed: 8,
    size: "short",
    found: /another request under a number already used/,
  },
  {
    title: "a note brings a kopeck more",
    file: "protocol/dist/rules/operations/note.js",
    from: "credit(draft, purse, note);",
    to: "credit(draft, purse, note + 1);",
    found: /the event's own figures leave 1 kopecks open/,
  },
  {
    title: "a note is credited twice",
    file: "protocol/dist/rules/operations/note.js",
    from: '    return [{ kind: "TopUpCredited", ...asked, account: account.id, change: changeOf(draft) }];',
    to: '    const once = { kind: "TopUpCredited", ...asked, account: account.id, change: changeOf(draft) }; return [once, once];',
    found: /2 notes of 5000 kopecks are credited or held, 1 lie in the cassettes/,
  },
  {
    title: "a note is swallowed and written down nowhere",
    file: "protocol/dist/rules/operations/note.js",
    from: "    const distrust = distrustOf(school, fact, context);",
    to: "    return []; const distrust = null;",
    found: /1 notes of 5000 kopecks lie in the cassettes, only 0 are accounted for/,
  },
  {
    title: "what is sold costs the purse a kopeck less",
    file: "protocol/dist/rules/operations/sale.js",
    from: 'debit(draft, "additional", basket.total, NO_ORIGIN);',
    to: 'debit(draft, "additional", basket.total - 1, NO_ORIGIN);',
    found: /the event's own figures leave 1 kopecks open/,
  },
  {
    title: "a purse that is too small pays all the same",
    file: "protocol/dist/rules/operations/sale.js",
    from: "insufficient_funds: about(account, (one) => total > one.additional),",
    to: "insufficient_funds: () => false,",
    size: "short",
    found: /from the main purse/,
  },
  {
    title: "two sales bear the same number",
    file: "protocol/dist/rules/operations/sale.js",
    from: "school.nextReceipt = Math.max(school.nextReceipt, body.receipt + 1);",
    to: "",
    found: /receipt 1 would be printed again/,
  },
  {
    title: "the cloud forgets to post what was sold",
    file: "cloud/dist/audit.js",
    from: "        if (postings.length === 0)",
    to: '        if (postings.length === 0 || event.body.kind === "BuffetSold")',
    found: /ledger: .*the ledger has \d+, the rules have \d+/,
  },
  {
    title: "the gateway forgets after a start what it has remembered",
    file: "gateway/dist/journal/journal.js",
    from: "this.#tree = opened.tree;",
    to: "this.#tree = createTree(sha256);",
    faults: "gateway-cut",
    found: /UNIQUE constraint failed/,
  },
  {
    title: "the paper says a kopeck more than was sold",
    file: "gateway/dist/replies.js",
    from: 'return { kind: "CashSold", receipt: cash.body.receipt, total: cash.body.total,',
    to: 'return { kind: "CashSold", receipt: cash.body.receipt, total: cash.body.total + 1,',
    found: /\d+ on paper, \d+ sold/,
  },
  {
    title: "the paper names another place in the journal",
    file: "gateway/dist/replies.js",
    from: "return at < 0 ? null : { body: outcome.bodies[at], proof: outcome.places[at] };",
    to: "return at < 0 ? null : { body: outcome.bodies[at], proof: { ...outcome.places[at], index: outcome.places[at].index - 1 } };",
    found: /entry \d+ has another leaf/,
  },
  {
    title: "the paper bears the number of another sale",
    file: "gateway/dist/replies.js",
    from: 'return { kind: "CashSold", receipt: cash.body.receipt,',
    to: 'return { kind: "CashSold", receipt: cash.body.receipt + 1,',
    found: /\d+ on paper, \d+ sold/,
  },
  {
    title: "the ledger posts twice what a purse gained",
    file: "cloud/dist/ledger/postings-for.js",
    from: "credit(account.holderMain(change.account), change.mainDelta),",
    to: "credit(account.holderMain(change.account), change.mainDelta * 2),",
    found: /the event's own figures leave -\d+ kopecks open/,
  },
  {
    title: "a meal's debt is a kopeck too large",
    file: "protocol/dist/rules/purse.js",
    from: "debt: kopecks(share - main - additional),",
    to: "debt: kopecks(share - main - additional + 1),",
    found: /the event's own figures leave 1 kopecks open/,
  },
  {
    title: "debt does not empty the additional purse first",
    file: "protocol/dist/rules/purse.js",
    from: "const moved = Math.min(Math.max(-draft.main, 0), draft.additional);",
    to: "const moved = Math.min(0, draft.additional);",
    found: /in debt while the additional purse holds/,
  },
  {
    title: "what was spent today is not remembered right",
    file: "protocol/dist/rules/operations/sale.js",
    from: "account.spent = kopecks(spentOn(account, date) + body.total);",
    to: "account.spent = kopecks(0 - body.total);",
    found: /spent less than nothing today/,
  },
  {
    title: "a note that a terminal tells of is not heard",
    file: "gateway/dist/gateway.js",
    from: "        const batch = this.#waiting.splice(0, MAX_BATCH);",
    to: "        const batch = this.#waiting.splice(0, MAX_BATCH).filter(({ heard }) => heard.kind !== 'message' || heard.message.kind !== 'NoteStacked');",
    found: /notes of \d+ kopecks lie in the cassettes, only 0 are accounted for/,
  },
  {
    title: "a copied card's old ticket is taken for a good one",
    file: "gateway/dist/ticket.js",
    from: "if (row && compareTickets(shown, row.seen) < 0)",
    to: "if (false)",
    faults: "clone",
    seed: 3,
    found: /was held up and so was a copy, and nobody has noticed/,
  },
  {
    title: "what the disk did not take is answered all the same",
    file: "gateway/dist/journal/journal.js",
    from: "                throw new DiskFailure(fault, error);",
    to: "                return said;",
    faults: "disk-fails",
    seed: 5,
    days: 4,
    found: /shift 3 was never closed/,
  },
  {
    title: "a kiosk takes a note for ten times its worth",
    file: "simulators/dist/program.js",
    from: 'image: readFileSync(path, "latin1"),',
    to: 'image: readFileSync(path, "latin1").replace(/=100\\*(\\w+\\[\\w+\\],\\w+=127&)/, "=1e3*$1"),',
    found: /notes of \d+ kopecks are credited or held, 0 lie in the cassettes/,
  },
];

for (const { title, found, ...defect } of DEFECTS) {
  test.serial(`the days find it: ${title}`, async (t) => {
    t.timeout(600_000);
    const { stdout } = await run(
      process.execPath,
      [worker, JSON.stringify({ faults: "none", seed: 1, days: 1, size: "brief", ...defect })],
      { maxBuffer: 1 << 24 },
    );
    t.regex(stdout, found);
  });
}
