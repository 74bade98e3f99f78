/** What is held of an employee and until when, and what is done when one leaves. */
import type { BusinessDate, Staff } from "@trapeza/protocol";
import { applications } from "../../../office/cards/application-desk.js";
import { keyOf, photographs } from "../../../office/cards/photographs.js";
import { eraseEmployee, exportEmployee, leaveWork } from "../../../office/people/employee-leaving.js";
import type { Gone } from "../../../office/people/employees.js";
import { RETENTION_DAYS } from "../../../office/people/people-desk.js";
import { may } from "../../../office/roles.js";
import { dateDigits } from "../../date-text.js";
import { Form } from "../../form.js";
import { Note } from "../../parts.js";
import { DataTable } from "../parts.js";
import { go } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { peopleWords } from "./words.js";

/** Beside what is mended: the register of personal data and the end of work here. */
export async function employeeRegister(visit: Visit, one: Staff, gone: Gone | null) {
  const { office, school } = visit;
  const words = peopleWords(visit);
  const { register, employees: said } = words;
  const isKnown = (gone?.erasedMs ?? null) === null;
  const hasPhoto = (await photographs(office, school)).has(keyOf({ holder: "staff", number: one.id }));
  const hasApplied = (await applications(office, school)).some(({ staff }) => staff === one.id);
  const held = [
    ...(isKnown ? [said.held] : []),
    ...(hasPhoto ? [register.data.photo] : []),
    ...(isKnown && hasApplied ? [register.data.applicants] : []),
  ];
  const until = gone ? dateDigits((gone.leftOn + RETENTION_DAYS) as BusinessDate) : said.yearAfter;
  return (
    <>
      <h2>{register.title}</h2>
      <DataTable
        caption={register.title}
        rows={held}
        empty={said.erased}
        columns={[
          { head: register.what, cell: ({ what }) => what },
          { head: register.why, cell: ({ why }) => why },
          { head: register.until, cell: () => until },
        ]}
      />
    </>
  );
}

export function EmployeeDuties({ visit, gone, at }: { visit: Visit; gone: Gone | null; at: string }) {
  const { employees: said, ...words } = peopleWords(visit);
  const { role } = visit.actor;
  return (
    <div>
      {gone === null && may(role, "employees.write") && (
        <Form action={at + "/leave"}>
          <p class="lead">{said.leaveLead}</p>
          <button>{said.leave}</button>
        </Form>
      )}
      {may(role, "employees.write") && (
        <Form action={at + "/export"}>
          <button>{words.export}</button>
        </Form>
      )}
      {gone?.erasedMs === null && may(role, "people.erase") && (
        <Form action={at + "/erase"}>
          <p class="lead">{said.eraseLead}</p>
          <button class="danger">{words.erase}</button>
        </Form>
      )}
      {gone && gone.erasedMs !== null && <Note tone="calm">{said.erased}</Note>}
    </div>
  );
}

async function leave(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, param } = visit;
  const number = Number(param("staff"));
  const done = await leaveWork(office, { login: actor.login, school }, number);
  return done && go("/office/" + school + "/employees/" + number, peopleWords(visit).employees.gone);
}

async function exported({ office, actor, school, param }: Visit): Promise<Answer | null> {
  const held = await exportEmployee(office, { login: actor.login, school }, Number(param("staff")));
  const bytes = new TextEncoder().encode(JSON.stringify(held, null, 1));
  return held && { kind: "file", name: "employee-" + param("staff") + ".json", type: "application/json; charset=utf-8", bytes };
}

async function erase(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, param } = visit;
  const words = peopleWords(visit);
  const number = Number(param("staff"));
  const done = await eraseEmployee(office, { login: actor.login, school }, number);
  return done && go("/office/" + school + "/employees/" + number, done === "erased" ? words.employees.erased : words.stillHere);
}

const EMPLOYEE = "/office/:school/employees/:staff";

export const EMPLOYEE_DUTY_ROUTES: readonly OfficeRoute[] = [
  { method: "POST", path: EMPLOYEE + "/leave", permission: "employees.write", answer: leave },
  { method: "POST", path: EMPLOYEE + "/export", permission: "employees.write", answer: exported },
  { method: "POST", path: EMPLOYEE + "/erase", permission: "people.erase", answer: erase },
];
