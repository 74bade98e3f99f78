/** The routes of help, which is open to everybody, and of a guardian's letters. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { LETTER_KINDS, LONGEST_LETTER, RECIPIENTS, dueOn } from "../../letters/letter.js";
import { createAllowance } from "../../people/allowance.js";
import type { Sight } from "../../people/shares.js";
import type { GuardianRow } from "../../people/store.js";
import { localMoment } from "../date-text.js";
import { EMPTY, typedIn } from "../form.js";
import type { Filled } from "../form.js";
import { sendPage } from "../layout.js";
import { HelpPage, LettersPage } from "./help.js";
import { forGuardian, guardianOf } from "./pages.js";
import type { Pages } from "./pages.js";
import { todayOf } from "./wishes.js";
import { parentWords } from "./words.js";

const DAY_MS = 24 * 3600 * 1000;
const LETTERS_A_DAY = 5;

export function serveHelp(pages: Pages): void {
  const { app, cloud, readers } = pages;
  const letters = createAllowance(LETTERS_A_DAY, DAY_MS, cloud.now);
  app.get("/help", async (request, reply) => {
    const guardian = await guardianOf(pages, request);
    const schools = new Set(guardian ? (await cloud.store.people.sights(guardian.phone)).map(({ school }) => school) : []);
    const books = await Promise.all([...schools].map((school) => cloud.library.book(school)));
    const contacts = books.map(({ state: { policy } }) => ({ school: policy.name, operator: policy.operator, phone: policy.claimPhone }));
    return sendPage(reply, readers.of(request, reply), <HelpPage guardian={guardian?.name ?? null} contacts={contacts} />);
  });
  app.get(
    "/letters",
    forGuardian(pages, (request, reply, guardian) => show(pages, request, reply, guardian, EMPTY)),
  );
  app.post(
    "/letters",
    forGuardian(pages, async (request, reply, guardian) => {
      const reader = readers.of(request, reply);
      const say = parentWords(reader.language).help;
      const values = typedIn(request.body);
      const again = (status: number, trouble: string) =>
        show(pages, request, reply.code(status), guardian, { values, troubles: { text: trouble } });
      const children = await seenBy(pages, guardian);
      const child = children.find(({ school, account }) => school + "-" + account === values.child);
      const kind = LETTER_KINDS.find((one) => one === values.kind);
      const recipient = RECIPIENTS.find((one) => one === values.recipient);
      const text = (values.text ?? "").trim();
      if (!child || !kind || !recipient) return reply.callNotFound();
      if (text === "") return again(400, reader.words.form.missing);
      if (text.length > LONGEST_LETTER) return again(400, reader.words.form.tooLong(LONGEST_LETTER));
      if (!letters.take(guardian.phone)) return again(429, say.tooMany);
      const due = dueOn(kind, todayOf((await cloud.library.book(child.school)).state, cloud.now()));
      const from = { phone: guardian.phone, school: child.school, account: child.account };
      await cloud.store.letters.add({ ...from, kind, recipient, text, writtenMs: cloud.now(), dueOn: due });
      readers.say(reply, say.sent, true);
      return reply.redirect("/letters", 303);
    }),
  );
}

/** Of whom a letter may be: of children whose history the writer sees. */
async function seenBy({ cloud }: Pages, guardian: GuardianRow): Promise<Sight[]> {
  return (await cloud.store.people.sights(guardian.phone)).filter(({ rights }) => rights.includes("see"));
}

async function show(pages: Pages, request: FastifyRequest, reply: FastifyReply, guardian: GuardianRow, form: Filled): Promise<unknown> {
  const { cloud, readers } = pages;
  const children = await Promise.all(
    (await seenBy(pages, guardian)).map(async ({ school, account }) => {
      const { state } = await cloud.library.book(school);
      return { value: school + "-" + account, name: state.accounts.get(account)?.name ?? school + "/" + account };
    }),
  );
  const letters = await Promise.all(
    (await cloud.store.letters.of(guardian.phone)).map(async (letter) => {
      const { state } = await cloud.library.book(letter.school);
      const answeredOn = letter.answer && localMoment(letter.answer.atMs, state.policy.zoneMinutes).date;
      return { ...letter, answeredOn, today: todayOf(state, cloud.now()) };
    }),
  );
  return sendPage(reply, readers.of(request, reply), <LettersPage {...{ guardian: guardian.name, letters, children, form }} />);
}
