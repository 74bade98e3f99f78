/** "Check this receipt": what stands in the history, and what the reader's own browser finds in the school's signed journal. */
import { TEXT, noted } from "../../api/note.js";
import type { FastifyRequest } from "fastify";
import { toHex } from "@trapeza/protocol";
import type { VerifierKey } from "@trapeza/protocol";
import { decodeEvent } from "../../school-book.js";
import { dateWords } from "../date-text.js";
import { sendPage } from "../layout.js";
import { Findings, Money } from "../parts.js";
import { PROOF_PATH } from "../proof-assets.js";
import { useReader } from "../reader-context.js";
import { statementFor } from "../statement.js";
import type { StatementRow } from "../statement.js";
import { childCard } from "./child-card.js";
import { pathOf } from "./child-head.js";
import type { KnownChild } from "./child-head.js";
import { childOf, forGuardian } from "./pages.js";
import type { Pages } from "./pages.js";
import { ParentSheet } from "./sheet.js";
import { parentWords } from "./words.js";

interface ProofProps {
  readonly guardian: string;
  readonly card: KnownChild;
  readonly row: StatementRow;
  readonly log: VerifierKey;
  readonly witness: VerifierKey;
}

const TONES = { good: "good", grown: "good", bad: "warning", other: "warning", old: "calm", away: "calm" } as const;

function ProofPage({ guardian, card, row, log, witness }: ProofProps) {
  const { language } = useReader();
  const say = parentWords(language).proof;
  const source = proofPath(card, row) + "/text";
  const sum = row.credited - row.charged;
  const keyText = (key: VerifierKey) => JSON.stringify({ ...key, publicKey: toHex(key.publicKey) });
  return (
    <ParentSheet title={say.title} guardian={guardian}>
      <h1>{say.title}</h1>
      <p class="lead">{say.lead}</p>
      <p>
        {row.name}
        <span class="say">{[dateWords(row.date, language), card.name].join(" · ")}</span>
      </p>
      <dl class="facts">
        <dt>{say.sum}</dt>
        <dd>
          <Money amount={sum} />
        </dd>
        <dt>{say.number}</dt>
        <dd>{row.index}</dd>
      </dl>
      <div
        data-proof={source}
        data-account={card.account}
        data-sum={sum}
        data-log={keyText(log)}
        data-witness={keyText(witness)}
        role="status"
      >
        <Findings tones={TONES} say={say} />
      </div>
      <p class="actions">
        <a href={source}>{say.take}</a>
        <a href={pathOf(card)}>{say.back}</a>
      </p>
      <script src={PROOF_PATH} type="module"></script>
    </ParentSheet>
  );
}

/** Where a row of a statement is checked. */
export function proofPath(child: { school: number; account: number }, { epoch, index }: Pick<StatementRow, "epoch" | "index">): string {
  return "/children/" + child.school + "/" + child.account + "/proof/" + epoch + "/" + index;
}

type Asked = { Params: { school: string; account: string; epoch: string; index: string }; Querystring: { since?: string } };
const PROOF_NOTE = noted({
  ...{ tag: "pages", summary: "Proof that a row of a child's history is in the school's journal", security: "session" },
  query: { since: "size of a checkpoint that is known" },
  answers: { 200: { what: "a proof (C2SP tlog-proof)", type: TEXT }, 404: { what: "no such row of this reader's" } },
});
const WHOLE = /^[0-9]{1,9}$/;

export function serveProof(pages: Pages): void {
  const { app, readers, proofs: desk } = pages;
  app.get<Asked>("/children/:school/:account/proof/:epoch/:index", (request, reply) =>
    forGuardian(pages, async (_, __, guardian) => {
      const reader = readers.of(request, reply);
      const found = await rowOf(pages, request, guardian, reader.language);
      const keys = found && (await desk.keysOf(found.card.school, found.row.epoch));
      if (!found || !keys) return reply.callNotFound();
      return sendPage(reply, reader, <ProofPage guardian={guardian.name} {...found} {...keys} />);
    })(request as FastifyRequest, reply),
  );
  app.get<Asked>("/children/:school/:account/proof/:epoch/:index/text", PROOF_NOTE, (request, reply) =>
    forGuardian(pages, async (_, __, guardian) => {
      const found = await rowOf(pages, request, guardian, "ru");
      const since = WHOLE.test(request.query.since ?? "") ? Number(request.query.since) : null;
      const text = found && (await desk.proofOf(found.card.school, found.row.epoch, found.row.index, since));
      if (!found || text === null) return reply.callNotFound();
      const name = found.card.number + "-" + found.row.index + ".tlog-proof";
      return reply
        .type("text/plain; charset=utf-8")
        .header("cache-control", "no-store")
        .header("content-disposition", 'attachment; filename="' + name + '"')
        .send(text);
    })(request as FastifyRequest, reply),
  );
}

/** The row of a child's own history; an entry that concerns somebody else is no row of it. */
async function rowOf(
  pages: Pages,
  request: FastifyRequest<Asked>,
  guardian: { phone: string; name: string; password: string },
  language: "ru" | "en",
) {
  const { epoch, index } = request.params;
  const link = await childOf(pages, request as FastifyRequest, guardian, ["see"]);
  if (!link || !WHOLE.test(epoch) || !WHOLE.test(index)) return null;
  const { store } = pages.cloud;
  const [entry] = await store.entries(link.school, Number(epoch), Number(index), 1);
  const event = entry ? decodeEvent(entry.bytes) : null;
  const card = event && (await childCard(pages.cloud, link));
  if (!event || card?.kind !== "known") return null;
  const words = parentWords(language);
  const period = { from: event.date, to: event.date, details: false, schoolNumber: card.schoolNumber, words };
  const { rows } = await statementFor(store, { school: link.school, account: link.account, ...period });
  const row = rows.find((one) => one.epoch === entry.epoch && one.index === entry.index);
  return row ? { card, row } : null;
}
