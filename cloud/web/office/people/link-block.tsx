/** The adults who see a child in the portal: who they are as far as the school need know, and an end to it, with its reason. */
import type { Account } from "@trapeza/protocol";
import { adultId } from "../../../people/invitation.js";
import { END_REASONS, endLink, linkedAdults, phoneEnd, restoreLink } from "../../../office/people/links.js";
import type { LinkedAdult } from "../../../office/people/links.js";
import { shortName, splitName } from "../../../office/people/person.js";
import { may } from "../../../office/roles.js";
import { dateDigits, localMoment } from "../../date-text.js";
import { Form } from "../../form.js";
import { DataTable } from "../parts.js";
import { go } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { peopleWords } from "./words.js";

function masked({ name, phone }: LinkedAdult): string {
  const { surname, given } = splitName(name ?? "");
  const short = given === "" ? surname : shortName({ surname, given, patronymic: "" });
  return [short, phoneEnd(phone)].filter((part) => part !== "").join(", ");
}

/** Nothing for those who could not end a link. */
export async function linkBlock(visit: Visit, account: Account, at: string) {
  const { office, school, actor } = visit;
  if (!may(actor.role, "people.write")) return null;
  const words = peopleWords(visit).links;
  const [adults, { school: told }] = await Promise.all([linkedAdults(office.database, school, account.id), office.told(school)]);
  const dayOf = (ms: number) => dateDigits(localMoment(ms, told.policy.zoneMinutes).date);
  const stateOf = ({ how, ended }: LinkedAdult) => (ended ? words.ended(dayOf(ended.onMs), words.reasons[ended.reason]) : words.how[how]);
  return (
    <>
      <h2>{words.title}</h2>
      <DataTable
        caption={words.title}
        rows={adults}
        empty={words.empty}
        columns={[
          { head: words.who, cell: masked },
          { head: words.why, cell: stateOf },
          { head: "", cell: (adult) => <LinkForm {...{ visit, adult, at }} /> },
        ]}
      />
    </>
  );
}

function LinkForm({ visit, adult, at }: { visit: Visit; adult: LinkedAdult; at: string }) {
  const words = peopleWords(visit).links;
  const action = at + "/links/" + adultId(adult.phone);
  const who = masked(adult);
  if (adult.ended)
    return (
      <Form action={action + "/restore"}>
        <button class="quiet" aria-label={words.restore + ": " + who}>
          {words.restore}
        </button>
      </Form>
    );
  return (
    <Form action={action + "/end"}>
      <select name="reason" required aria-label={words.reason + ": " + who}>
        <option value="">{words.reason}</option>
        {END_REASONS.map((reason) => (
          <option value={reason}>{words.reasons[reason]}</option>
        ))}
      </select>{" "}
      <button class="quiet" aria-label={words.end + ": " + who}>
        {words.end}
      </button>
    </Form>
  );
}

async function end(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, typed, param } = visit;
  const { links } = peopleWords(visit);
  const to = "/office/" + school + "/people/" + param("account");
  const reason = END_REASONS.find((one) => one === typed.reason);
  if (!reason) return go(to, links.noReason);
  const done = await endLink(office, { login: actor.login, school }, Number(param("account")), param("adult"), reason);
  return done && go(to, links.endDone);
}

async function restore(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, param } = visit;
  const done = await restoreLink(office, { login: actor.login, school }, Number(param("account")), param("adult"));
  return done && go("/office/" + school + "/people/" + param("account"), peopleWords(visit).links.restoreDone);
}

const LINK = "/office/:school/people/:account/links/:adult";

export const LINK_ROUTES: readonly OfficeRoute[] = [
  { method: "POST", path: LINK + "/end", permission: "people.write", answer: end },
  { method: "POST", path: LINK + "/restore", permission: "people.write", answer: restore },
];
