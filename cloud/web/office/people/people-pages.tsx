/** A school's pupils: found, looked at, mended. A class teacher sees their own class. */
import type { Account, Card, School } from "@trapeza/protocol";
import { exportPerson, erasePerson, leaveSchool, mendPerson } from "../../../office/people/people-desk.js";
import { knownPupils } from "../../../office/people/people-rows.js";
import type { PupilRow } from "../../../office/people/people-rows.js";
import { nameCase, nameKey, splitName } from "../../../office/people/person.js";
import { may } from "../../../office/roles.js";
import { parsePhone } from "../../../people/phone.js";
import { dateDigits } from "../../date-text.js";
import { Field, Form, Select } from "../../form.js";
import type { Typed } from "../../form.js";
import { moneyText } from "../../money-text.js";
import { Note } from "../../parts.js";
import { writeLink } from "../announcements/announcement-pages.js";
import { photoBlock } from "../cards/photo-pages.js";
import { DataTable, Search } from "../parts.js";
import { filled, go, show } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";
import { blockCard } from "./card-block.js";
import { LINK_ROUTES, linkBlock } from "./link-block.js";
import { registerBlock } from "./register.js";
import { peopleWords } from "./words.js";

const ROWS = 400;
const GUARDIANS = 3;

const isSeen = (visit: Visit, account: Account) =>
  account.holder === "pupil" && (visit.actor.role !== "teacher" || account.class === visit.actor.class);

async function peoplePage(visit: Visit): Promise<Answer> {
  const { office, school, param } = visit;
  const words = peopleWords(visit);
  const [{ school: told, underway }, known] = await Promise.all([office.told(school), knownPupils(office.database, school)]);
  const waiting = new Set(underway.flatMap((directive) => (directive.kind === "SetAccount" ? [directive.id] : [])));
  const className = (account: Account) => told.classes.get(account.class ?? -1)?.name ?? "";
  const asked = { text: param("q").trim(), class: param("class") };
  const found = [...told.accounts.values()].filter(
    (account) =>
      isSeen(visit, account) &&
      (asked.class === "" || String(account.class) === asked.class) &&
      matches(account, known.get(account.id), asked.text),
  );
  const order = new Intl.Collator("ru", { numeric: true });
  found.sort((a, b) => order.compare(className(a), className(b)) || order.compare(a.name, b.name));
  const cards = cardsByAccount(told);
  const classes = [...told.classes.values()].sort((a, b) => order.compare(a.name, b.name));
  return show(
    <OfficeSheet visit={visit} title={words.title}>
      <Search label={words.search} value={asked.text} submit={visit.words.find}>
        <label>
          {words.class}{" "}
          <select name="class">
            <option value="">{words.every}</option>
            {classes.map(({ id, name }) => (
              <option value={String(id)} selected={String(id) === asked.class}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </Search>
      <p class="lead">{words.count(Math.min(ROWS, found.length), found.length)}</p>
      <DataTable
        caption={words.title}
        rows={found.slice(0, ROWS)}
        empty={words.empty}
        columns={[
          { head: words.class, cell: className },
          { head: words.name, cell: (account) => <a href={"/office/" + school + "/people/" + account.id}>{account.name}</a> },
          { head: words.account, cell: ({ number }) => number, figure: true },
          { head: words.category, cell: ({ category }) => told.categories.get(category)?.name ?? "" },
          {
            head: words.card,
            cell: ({ id }) =>
              (cards.get(id) ?? []).map((card) => card.number + (card.blockedBy.length > 0 ? ", " + words.blocked : "")).join("; "),
          },
          { head: words.guardians, cell: ({ id }) => (known.get(id)?.guardians ?? []).map(({ phone }) => "+" + phone).join(", ") },
          { head: "", cell: ({ id }) => waiting.has(id) && <span class="tag">{words.underway}</span> },
        ]}
      />
    </OfficeSheet>,
  );
}

function matches(account: Account, known: PupilRow | undefined, text: string): boolean {
  if (text === "") return account.status === "open" || account.status === "arriving";
  const digits = text.replace(/[\s()+-]/g, "");
  if (/^[0-9]{3,}$/.test(digits)) {
    const phone = digits.replace(/^8(?=[0-9]{10}$)/, "7");
    return account.number.includes(digits) || (known?.guardians ?? []).some((one) => one.phone.includes(phone));
  }
  const name = nameKey(splitName(account.name));
  return nameKey(splitName(text))
    .split(" ")
    .every((part) => name.includes(part));
}

function cardsByAccount(school: School): Map<number, Card[]> {
  const cards = new Map<number, Card[]>();
  for (const card of school.cards.values()) {
    if (card.account !== null) cards.set(card.account, [...(cards.get(card.account) ?? []), card]);
  }
  return cards;
}

async function personPage(visit: Visit, troubles: Typed | null = null): Promise<Answer | null> {
  const { office, school, param } = visit;
  const words = peopleWords(visit);
  const [{ school: told }, known] = await Promise.all([office.told(school), knownPupils(office.database, school)]);
  const account = told.accounts.get(Number(param("account")));
  if (!account || !isSeen(visit, account)) return null;
  const row = known.get(account.id);
  const cards = cardsByAccount(told).get(account.id) ?? [];
  const at = "/office/" + school + "/people/" + account.id;
  const photo = await photoBlock(visit, { holder: "pupil", number: account.id });
  const register = await registerBlock(visit, account, row);
  const links = await linkBlock(visit, account, at);
  return show(
    <OfficeSheet visit={visit} title={account.name}>
      <p class="lead">
        {[
          told.classes.get(account.class ?? -1)?.name,
          words.account + " " + account.number,
          row?.leftOn ? words.leftOn(dateDigits(row.leftOn)) : null,
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
      <div class="sides">
        <div>
          {may(visit.actor.role, "people.write") && account.status === "open" && (
            <MendForm {...{ visit, account, told, row, troubles, at }} />
          )}
          <Cards {...{ visit, cards, at }} />
          {links}
          {register}
        </div>
        <div>
          {photo}
          {writeLink(visit, told, account.id)}
          <Duties {...{ visit, account, row, at }} />
        </div>
      </div>
    </OfficeSheet>,
    troubles ? 400 : 200,
  );
}

interface PersonProps {
  readonly visit: Visit;
  readonly account: Account;
  readonly row: PupilRow | undefined;
  /** The person's own address. */
  readonly at: string;
}

function MendForm({ visit, account, told, row, troubles, at }: PersonProps & { told: School; troubles: Typed | null }) {
  const words = peopleWords(visit);
  const form = filled(visit, troubles);
  const name = splitName(account.name);
  const options = (map: ReadonlyMap<number, { id: number; name: string }>) =>
    [...map.values()].map((one) => ({ value: String(one.id), name: one.name }));
  const guardians = Array.from({ length: Math.max(GUARDIANS, (row?.guardians.length ?? 0) + 1) }, (_, index) => row?.guardians[index]);
  return (
    <Form action={at} label={words.save}>
      <Field {...{ form, name: "surname", label: words.surname, value: name.surname }} />
      <Field {...{ form, name: "given", label: words.given, value: name.given }} />
      <Field {...{ form, name: "patronymic", label: words.patronymic, value: name.patronymic, optional: true }} />
      <Select {...{ form, name: "class", label: words.class, value: String(account.class), options: options(told.classes) }} />
      <Select {...{ form, name: "category", label: words.category, value: String(account.category), options: options(told.categories) }} />
      {guardians.map((guardian, index) => (
        <div class="pair">
          <Field
            {...{ form, name: "guardian" + index, label: words.guardian + " " + (index + 1), value: guardian?.name ?? "", optional: true }}
          />
          <Field
            {...{
              form,
              name: "phone" + index,
              label: words.phone + " " + (index + 1),
              value: guardian ? "+" + guardian.phone : "",
              type: "tel",
              optional: true,
            }}
          />
        </div>
      ))}
      <button class="main">{words.save}</button>
    </Form>
  );
}

function Cards({ visit, cards, at }: { visit: Visit; cards: readonly Card[]; at: string }) {
  const words = peopleWords(visit);
  if (cards.length === 0) return null;
  const isOurs = (card: Card) => card.blockedBy.includes(visit.actor.role === "operator" ? "operator" : "school");
  return (
    <DataTable
      caption={words.card}
      rows={cards}
      empty=""
      columns={[
        { head: words.card, cell: ({ number }) => number },
        { head: visit.words.staff.state, cell: (card) => (card.blockedBy.length > 0 ? words.blocked : words.states[card.state]) },
        {
          head: "",
          cell: (card) =>
            may(visit.actor.role, "cards.block") &&
            card.state !== "returned" && (
              <Form action={at + "/cards/" + card.uid + "/block"}>
                <button
                  name="how"
                  value={isOurs(card) ? "unblock" : "block"}
                  class="quiet"
                  aria-label={(isOurs(card) ? words.unblock : words.block) + ": " + card.number}
                >
                  {isOurs(card) ? words.unblock : words.block}
                </button>
              </Form>
            ),
        },
      ]}
    />
  );
}

function Duties({ visit, account, row, at }: PersonProps) {
  const words = peopleWords(visit);
  const { role } = visit.actor;
  return (
    <div>
      {may(role, "cards.receive") && account.status === "open" && (
        <p>
          <a class="button" href={at + "/card"}>
            {words.applyForCard}
          </a>
        </p>
      )}
      {may(role, "people.write") && account.status === "open" && (
        <Form action={at + "/leave"}>
          <p class="lead">{account.main < 0 ? words.owes(moneyText(-account.main)) : words.leaveLead}</p>
          {account.main >= 0 && <button>{words.leave}</button>}
        </Form>
      )}
      {may(role, "people.write") && (
        <Form action={at + "/export"}>
          <button>{words.export}</button>
        </Form>
      )}
      {may(role, "people.erase") && row?.leftOn && row.erasedMs === null && (
        <Form action={at + "/erase"}>
          <p class="lead">{words.eraseLead}</p>
          <button class="danger">{words.erase}</button>
        </Form>
      )}
      {row?.erasedMs && <Note tone="calm">{words.erased}</Note>}
    </div>
  );
}

async function mend(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, typed, param } = visit;
  const words = peopleWords(visit);
  const text = (name: string) => nameCase(typed[name] ?? "");
  const written = Object.keys(typed).flatMap((key) => (/^phone[0-9]$/.test(key) && typed[key].trim() !== "" ? [key.slice(-1)] : []));
  const guardians = written.map((index) => ({ name: text("guardian" + index), phone: parsePhone(typed["phone" + index]) ?? "" }));
  const name = { surname: text("surname"), given: text("given"), patronymic: text("patronymic") };
  const to = { name, class: Number(typed.class), category: Number(typed.category), guardians };
  const account = Number(param("account"));
  const isRight = guardians.every(({ phone }) => phone !== "");
  const done = isRight && (await mendPerson(office, { login: actor.login, school }, account, to));
  return done ? go("/office/" + school + "/people/" + account, words.saved) : personPage(visit, { surname: words.badPerson });
}

async function leave(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, param } = visit;
  const account = Number(param("account"));
  const words = peopleWords(visit);
  const done = await leaveSchool(office, { login: actor.login, school }, account);
  if (done === null) return null;
  const owed = (await office.told(school)).school.accounts.get(account)?.main ?? 0;
  return go("/office/" + school + "/people/" + account, done === "left" ? words.left : words.owes(moneyText(-owed)));
}

async function exported({ office, actor, school, param }: Visit): Promise<Answer | null> {
  const held = await exportPerson(office, { login: actor.login, school }, Number(param("account")));
  const bytes = new TextEncoder().encode(
    JSON.stringify(held, (_, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value), 1),
  );
  return held && { kind: "file", name: "account-" + param("account") + ".json", type: "application/json; charset=utf-8", bytes };
}

async function erase(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, param } = visit;
  const words = peopleWords(visit);
  const done = await erasePerson(office, { login: actor.login, school }, Number(param("account")));
  return (
    done &&
    go("/office/" + school + "/people/" + param("account"), { erased: words.erased, here: words.stillHere, owed: words.stillOwed }[done])
  );
}

const PERSON = "/office/:school/people/:account";

export const PEOPLE_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: "/office/:school/people", permission: "people.read", answer: peoplePage },
  { method: "GET", path: PERSON, permission: "people.read", answer: (visit) => personPage(visit) },
  { method: "POST", path: PERSON, permission: "people.write", answer: mend },
  { method: "POST", path: PERSON + "/leave", permission: "people.write", answer: leave },
  { method: "POST", path: PERSON + "/export", permission: "people.write", answer: exported },
  { method: "POST", path: PERSON + "/erase", permission: "people.erase", answer: erase },
  { method: "POST", path: PERSON + "/cards/:uid/block", permission: "cards.block", answer: blockCard },
  ...LINK_ROUTES,
];
