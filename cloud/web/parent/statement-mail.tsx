/** A statement by mail: of the period that is shown, at once, or of each month. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { formatDate, parseDate } from "@trapeza/protocol";
import type { BusinessDate } from "@trapeza/protocol";
import { createAllowance } from "../../people/allowance.js";
import type { GuardianRow } from "../../people/store.js";
import { lastDayBefore } from "../../statements/statement-post.js";
import type { StatementPost } from "../../statements/statement-post.js";
import { Form, typedIn } from "../form.js";
import { useReader } from "../reader-context.js";
import { pathOf } from "./child-head.js";
import { childOf, forGuardian } from "./pages.js";
import type { Pages } from "./pages.js";
import { todayOf } from "./wishes.js";
import { parentWords } from "./words.js";

const LETTERS_A_DAY = 5;
const DAY_MS = 24 * 3600 * 1000;
const LONGEST_DAYS = 400;

export function serveStatementMail(pages: Pages, post: StatementPost): void {
  const { app, cloud, readers } = pages;
  const letters = createAllowance(LETTERS_A_DAY, DAY_MS, cloud.now);
  const hasMail = async ({ phone }: GuardianRow) => (await cloud.store.people.contact(phone))?.isConfirmed ?? false;
  const wanted = (request: FastifyRequest, reply: FastifyReply) => {
    const { language } = readers.of(request, reply);
    return { say: parentWords(language).statements, typed: typedIn(request.body) };
  };
  app.post(
    "/children/:school/:account/statement/mail",
    forGuardian(pages, async (request, reply, guardian) => {
      const child = await childOf(pages, request, guardian, ["see"]);
      if (!child) return reply.callNotFound();
      const { say, typed } = wanted(request, reply);
      const [from, to] = [parseDate(typed.from ?? ""), parseDate(typed.to ?? "")];
      const isPeriod = from !== null && to !== null && from <= to && to - from <= LONGEST_DAYS;
      const go = (sentence: string, isDone: boolean) => {
        readers.say(reply, sentence, isDone);
        return reply.redirect(pathOf(child) + (isPeriod ? "?from=" + formatDate(from) + "&to=" + formatDate(to) : ""), 303);
      };
      if (!isPeriod) return go(say.noPeriod, false);
      if (!(await hasMail(guardian))) return go(say.noMail, false);
      if (!letters.take(guardian.phone)) return go(say.tooMany, false);
      const isSent = await post.send(guardian.phone, child, from, to).catch((error: Error) => {
        request.log.warn(error);
        return false;
      });
      return go(isSent ? say.sent : say.away, isSent);
    }),
  );
  app.post(
    "/children/:school/:account/statement/monthly",
    forGuardian(pages, async (request, reply, guardian) => {
      const child = await childOf(pages, request, guardian, ["see"]);
      if (!child) return reply.callNotFound();
      const { say, typed } = wanted(request, reply);
      const isWanted = typed.wanted === "1";
      const { state } = await cloud.library.book(child.school);
      const through = lastDayBefore(todayOf(state, cloud.now()));
      if (isWanted && !(await hasMail(guardian))) readers.say(reply, say.noMail, false);
      else {
        await (isWanted
          ? cloud.store.statements.beginMonthly(guardian.phone, child, through)
          : cloud.store.statements.endMonthly(guardian.phone, child));
        readers.say(reply, isWanted ? say.begun : say.ended, true);
      }
      return reply.redirect(pathOf(child), 303);
    }),
  );
}

export interface StatementMailProps {
  readonly child: { readonly school: number; readonly account: number };
  readonly from: BusinessDate;
  readonly to: BusinessDate;
  readonly isMonthly: boolean;
}

export function StatementMail({ child, from, to, isMonthly }: StatementMailProps) {
  const say = parentWords(useReader().language).statements;
  return (
    <div class="actions">
      <Form action={pathOf(child) + "/statement/mail"} label={say.send}>
        <input type="hidden" name="from" value={formatDate(from)} />
        <input type="hidden" name="to" value={formatDate(to)} />
        <button class="quiet">{say.send}</button>
      </Form>
      <Form action={pathOf(child) + "/statement/monthly"} label={say.monthly}>
        <input type="hidden" name="wanted" value={isMonthly ? "0" : "1"} />
        <button class="quiet">{isMonthly ? say.end : say.monthly}</button>
      </Form>
    </div>
  );
}
