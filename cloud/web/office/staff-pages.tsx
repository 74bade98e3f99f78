/** Who works in the office, in which role and where. */
import { ROLES } from "../../office/roles.js";
import type { Actor } from "../../office/roles.js";
import { isWeakPassword } from "../../people/password.js";
import { Field, Form, Select } from "../form.js";
import type { Typed } from "../form.js";
import { DataTable } from "./parts.js";
import { filled, go, show } from "./route.js";
import type { Answer, OfficeRoute, Visit } from "./route.js";
import { OfficeSheet } from "./sheet.js";

const SHORTEST_PASSWORD = 12;

async function staffPage(visit: Visit, troubles: Typed | null = null): Promise<Answer> {
  const { office, words } = visit;
  const said = words.staff;
  const rows = await office.staff.all();
  return show(
    <OfficeSheet visit={visit} title={said.title}>
      <div class="sides">
        <DataTable
          caption={said.title}
          rows={rows}
          empty={said.empty}
          columns={[
            { head: said.login, cell: (row) => row.login },
            { head: said.name, cell: (row) => row.name },
            { head: said.role, cell: (row) => words.roles[row.role] },
            { head: said.school, cell: (row) => row.school ?? said.everySchool },
            { head: said.state, cell: (row) => (!row.active ? said.closed : row.totpProven ? said.proven : said.unproven) },
            {
              head: said.access,
              cell: (row) => row.active && row.login !== visit.actor.login && <Access visit={visit} login={row.login} />,
            },
          ]}
        />
        <StaffForm visit={visit} troubles={troubles} />
      </div>
    </OfficeSheet>,
    troubles ? 400 : 200,
  );
}

function Access({ visit, login }: { visit: Visit; login: string }) {
  const said = visit.words.staff;
  return (
    <Form action={"/office/staff/" + login + "/close"}>
      <button name="how" value="close" class="quiet" aria-label={said.close + ": " + login}>
        {said.close}
      </button>{" "}
      <button name="how" value="forget" class="quiet" aria-label={said.forget + ": " + login}>
        {said.forget}
      </button>
    </Form>
  );
}

function StaffForm({ visit, troubles }: { visit: Visit; troubles: Typed | null }) {
  const { words } = visit;
  const said = words.staff;
  const form = filled(visit, troubles);
  const roles = ROLES.map((value) => ({ value, name: words.roles[value] }));
  return (
    <Form action="/office/staff" label={said.add}>
      <h2>{said.add}</h2>
      <Field {...{ form, name: "login", label: said.login, hint: said.loginHint, autocomplete: "off" }} />
      <Field {...{ form, name: "name", label: said.name, autocomplete: "off" }} />
      <Select {...{ form, name: "role", label: said.role, options: roles }} />
      <Field {...{ form, name: "school", label: said.school, hint: said.everySchool, inputmode: "numeric", optional: true }} />
      <Field {...{ form, name: "class", label: said.class, hint: said.classHint, inputmode: "numeric", optional: true }} />
      <Field {...{ form, name: "own", label: said.own, hint: said.ownHint, inputmode: "numeric", optional: true }} />
      <Field
        {...{ form, name: "password", label: said.password, hint: said.passwordHint, type: "password", autocomplete: "new-password" }}
      />
      <button class="main">{said.add}</button>
    </Form>
  );
}

/** The person in the form, or what is wrong with it. */
async function staffIn({ office, words, typed }: Visit): Promise<{ row: Actor; troubles: Typed }> {
  const said = words.staff;
  const number = (text = "") => (text.trim() === "" ? null : Number(text));
  const [school, schoolClass] = [number(typed.school), number(typed.class)];
  const isKnown = school === null || (await office.cloud.store.schools()).some(({ id }) => id === school);
  const role = ROLES.find((one) => one === typed.role) ?? "auditor";
  const row = { login: (typed.login ?? "").trim().toLowerCase(), name: (typed.name ?? "").trim(), role, school };
  const told = isKnown && school !== null ? (await office.told(school)).school : null;
  const hasClass = schoolClass !== null && told?.classes.has(schoolClass);
  const own = number(typed.own);
  // A caterer may serve many schools and is the same number in each; a cashier works in one.
  const isOwn =
    own !== null &&
    Number.isSafeInteger(own) &&
    (role === "cashier" ? told?.staff.get(own)?.role === "cashier" : (told?.caterers.has(own) ?? true));
  const ownsNothing = role !== "caterer" && role !== "cashier";
  return {
    row: { ...row, class: role === "teacher" ? schoolClass : null, own: ownsNothing ? null : own },
    troubles: {
      ...(/^[a-z0-9][a-z0-9.-]{1,39}$/.test(row.login) ? {} : { login: said.badLogin }),
      ...(row.name.length >= 3 && row.name.length <= 160 ? {} : { name: said.badName }),
      ...(isKnown ? {} : { school: said.badSchool }),
      ...(role !== "teacher" || hasClass ? {} : { class: said.badClass }),
      ...(ownsNothing || isOwn ? {} : { own: said.badOwn }),
      ...((typed.password ?? "").length >= SHORTEST_PASSWORD && !isWeakPassword(typed.password) ? {} : { password: said.badPassword }),
    },
  };
}

async function putStaff(visit: Visit): Promise<Answer> {
  const { office, actor, words, typed } = visit;
  const { row, troubles } = await staffIn(visit);
  if (Object.keys(troubles).length > 0) return staffPage(visit, troubles);
  const before = (await office.staff.all()).find((one) => one.login === row.login) ?? null;
  await office.change({ login: actor.login, school: null, what: "staff.put", subject: "staff " + row.login }, async (transaction) => {
    await office.staff.put(transaction, { ...row, password: typed.password ?? "" });
    // A new password or role ends what was opened under the old one.
    await office.staff.close(transaction, row.login, { active: true, forget: false });
    return { before, after: row, value: null };
  });
  return go("/office/staff", words.staff.put);
}

async function closeStaff({ office, actor, param, typed, words }: Visit): Promise<Answer | null> {
  const login = param("login");
  const before = (await office.staff.all()).find((one) => one.login === login);
  // Nobody saws off the branch they sit on: the last operator would be gone.
  if (!before || login === actor.login) return null;
  const forget = typed.how === "forget";
  const active = forget && before.active;
  const change = { login: actor.login, school: null, what: forget ? "staff.forget" : "staff.close", subject: "staff " + login };
  await office.change(change, async (transaction) => {
    await office.staff.close(transaction, login, { active, forget });
    return { before, after: { ...before, active, totpProven: !forget && before.totpProven }, value: null };
  });
  return go("/office/staff", forget ? words.staff.forgot : words.staff.gone);
}

export const STAFF_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: "/office/staff", permission: "staff.write", answer: (visit) => staffPage(visit) },
  { method: "POST", path: "/office/staff", permission: "staff.write", answer: putStaff },
  { method: "POST", path: "/office/staff/:login/close", permission: "staff.write", answer: closeStaff },
];
