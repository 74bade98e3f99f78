/** The school's own staff: who they are to its terminals, their photographs and their cards. */
import { STAFF_ROLES } from "@trapeza/protocol";
import type { Card, School, Staff } from "@trapeza/protocol";
import { isOf } from "../../../office/cards/card-orders.js";
import { handInCard } from "../../../office/cards/handed-in.js";
import type { Holder } from "../../../office/cards/holder.js";
import { goneEmployees, mendEmployee } from "../../../office/people/employees.js";
import { nameCase } from "../../../office/people/person.js";
import { may } from "../../../office/roles.js";
import { dateDigits } from "../../date-text.js";
import { Field, Form, Select } from "../../form.js";
import type { Typed } from "../../form.js";
import { photoBlock } from "../cards/photo-pages.js";
import { numberIn } from "../menu/typed.js";
import { DataTable } from "../parts.js";
import { filled, go, show } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";
import { EMPLOYEE_DUTY_ROUTES, EmployeeDuties, employeeRegister } from "./employee-duties.js";
import { peopleWords } from "./words.js";

const cardsOf = (told: School, holder: Holder): Card[] => [...told.cards.values()].filter((card) => isOf(card, holder));

async function employeesPage(visit: Visit, troubles: Typed | null = null): Promise<Answer> {
  const { office, school } = visit;
  const words = peopleWords(visit);
  const said = words.employees;
  const { school: told } = await office.told(school);
  const order = new Intl.Collator("ru");
  const gone = await goneEmployees(office, school);
  const all = [...told.staff.values()]
    .filter(({ id }) => (gone.get(id)?.erasedMs ?? null) === null)
    .sort((a, b) => order.compare(a.name, b.name));
  const inUse = (one: Staff) => cardsOf(told, { holder: "staff", number: one.id }).filter(({ state }) => state !== "returned");
  return show(
    <OfficeSheet visit={visit} title={said.title}>
      <DataTable
        caption={said.title}
        rows={all}
        empty={said.empty}
        columns={[
          { head: words.name, cell: ({ id, name }) => <a href={"/office/" + school + "/employees/" + id}>{name}</a> },
          { head: said.role, cell: ({ id, role }) => (gone.has(id) ? said.leftOn(dateDigits(gone.get(id)!.leftOn)) : said.roles[role]) },
          { head: words.class, cell: (one) => told.classes.get(one.class ?? -1)?.name ?? "" },
          { head: words.card, cell: (one) => inUse(one).map(({ number }) => number).join("; ") }, // prettier-ignore
        ]}
      />
      {may(visit.actor.role, "employees.write") && (
        <>
          <h2>{said.add}</h2>
          <EmployeeForm {...{ visit, told, troubles, at: "/office/" + school + "/employees", one: null }} />
        </>
      )}
    </OfficeSheet>,
    troubles ? 400 : 200,
  );
}

interface FormProps {
  readonly visit: Visit;
  readonly told: School;
  readonly troubles: Typed | null;
  readonly at: string;
  /** `null`: a new one. */
  readonly one: Staff | null;
}

function EmployeeForm({ visit, told, troubles, at, one }: FormProps) {
  const words = peopleWords(visit);
  const form = filled(visit, troubles);
  const roles = STAFF_ROLES.map((role) => ({ value: role, name: words.employees.roles[role] }));
  const classes = [{ value: "", name: "—" }, ...[...told.classes.values()].map(({ id, name }) => ({ value: String(id), name }))];
  return (
    <Form action={at} label={words.save}>
      <Field {...{ form, name: "name", label: words.name, value: one?.name ?? "" }} />
      <Select {...{ form, name: "role", label: words.employees.role, value: one?.role ?? "", options: roles }} />
      <Select {...{ form, name: "class", label: words.employees.class, value: String(one?.class ?? ""), options: classes }} />
      <button class="main">{words.save}</button>
    </Form>
  );
}

async function employeePage(visit: Visit, troubles: Typed | null = null): Promise<Answer | null> {
  const { office, school, param } = visit;
  const words = peopleWords(visit);
  const { school: told } = await office.told(school);
  const one = told.staff.get(Number(param("staff")));
  if (!one) return null;
  const holder: Holder = { holder: "staff", number: one.id };
  const at = "/office/" + school + "/employees/" + one.id;
  const gone = (await goneEmployees(office, school)).get(one.id) ?? null;
  const register = await employeeRegister(visit, one, gone);
  const photo = gone === null && (await photoBlock(visit, holder));
  const writes = may(visit.actor.role, "employees.write") && gone === null;
  return show(
    <OfficeSheet visit={visit} title={one.name}>
      <p class="lead">
        {[words.employees.roles[one.role], told.classes.get(one.class ?? -1)?.name, gone && words.employees.leftOn(dateDigits(gone.leftOn))]
          .filter(Boolean)
          .join(" · ")}
      </p>
      <div class="sides">
        <div>
          {writes && <EmployeeForm {...{ visit, told, troubles, at, one }} />}
          <CardTable {...{ visit, cards: cardsOf(told, holder), at }} />
          {register}
        </div>
        <div>
          {photo}
          {writes && (
            <p>
              <a class="button" href={at + "/card"}>
                {words.applyForCard}
              </a>
            </p>
          )}
          <EmployeeDuties {...{ visit, gone, at }} />
        </div>
      </div>
    </OfficeSheet>,
    troubles ? 400 : 200,
  );
}

function CardTable({ visit, cards, at }: { visit: Visit; cards: readonly Card[]; at: string }) {
  const words = peopleWords(visit);
  const said = words.employees;
  return (
    <DataTable
      caption={words.card}
      rows={cards}
      empty={said.noCards}
      columns={[
        { head: words.card, cell: ({ number }) => number },
        { head: visit.words.staff.state, cell: (card) => (card.blockedBy.length > 0 ? words.blocked : words.states[card.state]) },
        { head: said.validThrough, cell: ({ validThrough }) => dateDigits(validThrough), figure: true },
        {
          head: "",
          cell: ({ uid, number, state }) =>
            may(visit.actor.role, "employees.write") &&
            state !== "returned" && (
              <Form action={at + "/cards/" + uid + "/hand-in"}>
                <button class="quiet" aria-label={said.handIn + ": " + number}>
                  {said.handIn}
                </button>
              </Form>
            ),
        },
      ]}
    />
  );
}

async function put(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, typed, param } = visit;
  const words = peopleWords(visit);
  const number = param("staff") === "" ? null : Number(param("staff"));
  const role = STAFF_ROLES.find((one) => one === typed.role) ?? "other";
  const to = { name: nameCase(typed.name ?? ""), role, class: numberIn(typed.class) };
  const id = await mendEmployee(office, { login: actor.login, school }, number, to);
  if (id !== null) return go("/office/" + school + "/employees/" + id, words.saved);
  const troubles = { name: words.employees.wrong };
  return number === null ? employeesPage(visit, troubles) : employeePage(visit, troubles);
}

async function handIn(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, param } = visit;
  const holder: Holder = { holder: "staff", number: Number(param("staff")) };
  const done = await handInCard(office, { login: actor.login, school }, param("uid"), holder);
  return done && go("/office/" + school + "/employees/" + holder.number, peopleWords(visit).employees.handedIn);
}

const EMPLOYEES = "/office/:school/employees";

export const EMPLOYEE_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: EMPLOYEES, permission: "employees.read", answer: (visit) => employeesPage(visit) },
  { method: "POST", path: EMPLOYEES, permission: "employees.write", answer: put },
  { method: "GET", path: EMPLOYEES + "/:staff", permission: "employees.read", answer: (visit) => employeePage(visit) },
  { method: "POST", path: EMPLOYEES + "/:staff", permission: "employees.write", answer: put },
  { method: "POST", path: EMPLOYEES + "/:staff/cards/:uid/hand-in", permission: "employees.write", answer: handIn },
  ...EMPLOYEE_DUTY_ROUTES,
];
