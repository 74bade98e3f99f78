/** Cards made in batches: begun here, made at a reader somewhere else, watched here card by card. */
import { createHash } from "node:crypto";
import type { School } from "@trapeza/protocol";
import { personOf } from "../../../office/cards/application-desk.js";
import { CHIPS } from "../../../office/cards/batch.js";
import { batchCards, batches, beginBatch, freeCards, isLeft, turnBatch } from "../../../office/cards/batches.js";
import type { Batch, BatchCard } from "../../../office/cards/batches.js";
import { desks } from "../../../office/cards/desks.js";
import type { CardDesk } from "../../../office/cards/desks.js";
import { dateDigits, localMoment } from "../../date-text.js";
import { EMPTY, Form, Select } from "../../form.js";
import { numberIn } from "../menu/typed.js";
import { DataTable } from "../parts.js";
import { go, show } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";
import { batchWords } from "./words.js";

/** A desk asks every two seconds, but while a card lies there; one that has been silent for so long is not there. */
const SILENT_MS = 60_000;
const VERSION_DIGITS = 16;
const TURNS = ["running", "stopped", "ended"] as const;

const listOf = ({ school }: Visit) => "/office/" + school + "/batches";

function momentIn({ policy }: School, atMs: number): string {
  const { date, clock } = localMoment(atMs, policy.zoneMinutes);
  return clock + ", " + dateDigits(date);
}

const madeOf = (cards: readonly BatchCard[]) => cards.filter(({ step }) => step === "made").length;

function stateOf({ state }: Batch, cards: readonly BatchCard[]): Batch["state"] | "done" {
  return cards.some(isLeft) ? state : "done";
}

async function batchesPage(visit: Visit): Promise<Answer> {
  const { office, school } = visit;
  const words = batchWords(visit);
  const told = (await office.told(school)).school;
  const places = await desks(office);
  const rows = await Promise.all((await batches(office, school)).map(async (batch) => ({ batch, cards: await batchCards(office, batch) })));
  return show(
    <OfficeSheet visit={visit} title={words.title}>
      <p class="lead">{words.lead}</p>
      <BeginForm {...{ visit, told, places, free: await freeCards(office, school) }} />
      <h2>{words.batches}</h2>
      <DataTable
        caption={words.batches}
        rows={rows.reverse()}
        empty={words.noBatches}
        columns={[
          { head: words.batches, cell: ({ batch }) => <a href={listOf(visit) + "/" + batch.id}>{words.batch(batch.id)}</a> },
          { head: words.begunAt, cell: ({ batch }) => momentIn(told, batch.begunMs) },
          { head: words.begunBy, cell: ({ batch }) => batch.begunBy },
          { head: words.desk, cell: ({ batch }) => places.find(({ id }) => id === batch.desk)?.name },
          { head: words.chip, cell: ({ batch }) => words.chips[batch.chip] },
          { head: words.progress, cell: ({ cards }) => words.of(madeOf(cards), cards.length), figure: true },
          { head: words.state, cell: ({ batch, cards }) => words.states[stateOf(batch, cards)] },
        ]}
      />
    </OfficeSheet>,
  );
}

interface BeginProps {
  readonly visit: Visit;
  readonly told: School;
  readonly places: readonly CardDesk[];
  readonly free: Awaited<ReturnType<typeof freeCards>>;
}

function BeginForm({ visit, told, places, free }: BeginProps) {
  const words = batchWords(visit);
  const open = places.filter(({ active }) => active);
  if (open.length === 0)
    return (
      <p>
        {words.noDesk} <a href="/office/desks">{words.openOne}</a>
      </p>
    );
  if (free.length === 0) return <p class="empty">{words.noneFree}</p>;
  return (
    <Form action={listOf(visit)} label={words.begin}>
      <DataTable
        caption={words.free}
        rows={free}
        empty={words.noneFree}
        columns={[
          {
            head: words.chosen,
            cell: (one) => (
              <input
                type="checkbox"
                name="application"
                value={one.id}
                checked
                aria-label={words.chosen + ": " + personOf(told, one).name}
              />
            ),
          },
          { head: words.application, cell: ({ id }) => id, figure: true },
          { head: words.class, cell: (one) => personOf(told, one).class },
          { head: words.name, cell: (one) => personOf(told, one).name },
          { head: words.number, cell: (one) => personOf(told, one).card, figure: true },
        ]}
      />
      <div class="tools fields">
        <Select form={EMPTY} name="desk" label={words.desk} options={open.map(({ id, name }) => ({ value: String(id), name }))} />
        <Select form={EMPTY} name="chip" label={words.chip} options={CHIPS.map((chip) => ({ value: chip, name: words.chips[chip] }))} />
        <button class="main">{words.begin}</button>
      </div>
    </Form>
  );
}

async function begin(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, typed } = visit;
  const words = batchWords(visit);
  const chip = CHIPS.find((one) => one === typed.chip);
  if (chip === undefined) return null;
  const chosen = visit.all("application").flatMap((one) => numberIn(one) ?? []);
  const id = await beginBatch(office, { login: actor.login, school }, { desk: numberIn(typed.desk) ?? 0, chip, chosen });
  return id === null ? go(listOf(visit), words.nothing) : go(listOf(visit) + "/" + id, words.begun(id));
}

async function turn(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, typed, param } = visit;
  const to = TURNS.find((one) => one === typed.to);
  const id = Number(param("batch"));
  if (to === undefined || !(await turnBatch(office, { login: actor.login, school }, id, to))) return null;
  return go(listOf(visit) + "/" + id, batchWords(visit).turned[to]);
}

interface Watched {
  readonly batch: Batch;
  readonly cards: readonly BatchCard[];
  readonly told: School;
  /** Where it is made. */
  readonly desk: CardDesk | undefined;
}

async function watched({ office, school, param }: Visit): Promise<Watched | null> {
  const batch = (await batches(office, school)).find(({ id }) => id === Number(param("batch")));
  if (!batch) return null;
  const desk = (await desks(office)).find(({ id }) => id === batch.desk);
  return { batch, cards: await batchCards(office, batch), told: (await office.told(school)).school, desk };
}

/** Changes whenever what is seen does. */
function versionOf({ office }: Visit, { batch, cards, desk }: Watched): string {
  const heardMs = desk?.heardMs ?? null;
  const silent = heardMs === null || office.now() - heardMs > SILENT_MS ? heardMs : "here";
  const seen = JSON.stringify([batch.state, silent, ...cards.map(({ step, uid, refused }) => [step, uid, refused])]);
  return createHash("sha256").update(seen).digest("hex").slice(0, VERSION_DIGITS);
}

function Progress({ visit, batch, cards, told, desk }: Watched & { readonly visit: Visit }) {
  const words = batchWords(visit);
  const state = stateOf(batch, cards);
  const heardMs = desk?.heardMs ?? null;
  const isHere = heardMs !== null && visit.office.now() - heardMs <= SILENT_MS;
  const reader = isHere ? words.deskHere : heardMs === null ? words.deskNever : words.deskSilent(momentIn(told, heardMs));
  return (
    <>
      <p role="status">
        <strong>{words.of(madeOf(cards), cards.length)}</strong>, {words.states[state]}. {state === "running" && reader}
      </p>
      <DataTable
        caption={words.batch(batch.id)}
        rows={cards}
        empty={words.noneFree}
        columns={[
          { head: words.application, cell: ({ application }) => application.id, figure: true },
          { head: words.class, cell: ({ application }) => personOf(told, application).class },
          { head: words.name, cell: ({ application }) => personOf(told, application).name },
          {
            head: words.state,
            cell: ({ step, refusal, refused }) => (
              <>
                {step === "made" ? "✓ " : ""}
                {words.steps[step]}
                {refusal !== null && <div class="change">{words.refused(refused, words.refusals[refusal])}</div>}
              </>
            ),
          },
          { head: words.card, cell: ({ uid }) => uid !== null && <code>{uid}</code> },
        ]}
      />
    </>
  );
}

async function batchPage(visit: Visit): Promise<Answer | null> {
  const found = await watched(visit);
  if (!found) return null;
  const words = batchWords(visit);
  const { batch, cards, desk } = found;
  const at = listOf(visit) + "/" + batch.id;
  const state = stateOf(batch, cards);
  const button = (to: (typeof TURNS)[number], text: string, look = "") => (
    <Form action={at + "/turn"}>
      <input type="hidden" name="to" value={to} /> <button class={look}>{text}</button>
    </Form>
  );
  return show(
    <OfficeSheet visit={visit} title={words.batch(batch.id)}>
      <p>
        <a href={listOf(visit)}>{words.title}</a> · {desk?.name} · {words.chips[batch.chip]} · {batch.begunBy}
      </p>
      <div data-live={at + "/live"} data-version={versionOf(visit, found)}>
        <Progress visit={visit} {...found} />
      </div>
      <div class="tools">
        {state === "running" && button("stopped", words.stop)}
        {state === "stopped" && button("running", words.resume)}
        {(state === "running" || state === "stopped") && (
          <>
            {button("ended", words.end, "quiet")} <span class="change">{words.endHint}</span>
          </>
        )}
      </div>
    </OfficeSheet>,
  );
}

async function live(visit: Visit): Promise<Answer | null> {
  const found = await watched(visit);
  return found && { kind: "piece", version: versionOf(visit, found), node: <Progress visit={visit} {...found} /> };
}

const BATCHES = "/office/:school/batches";
const ONE = BATCHES + "/:batch";

export const BATCH_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: BATCHES, permission: "cards.make", answer: batchesPage },
  { method: "POST", path: BATCHES, permission: "cards.make", answer: begin },
  { method: "GET", path: ONE, permission: "cards.make", answer: batchPage },
  { method: "GET", path: ONE + "/live", permission: "cards.make", answer: live },
  { method: "POST", path: ONE + "/turn", permission: "cards.make", answer: turn },
];
