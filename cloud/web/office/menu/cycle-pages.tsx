/** The cycle of two weeks, written down meal by meal and laid over the calendar. */
import { formatDate } from "@trapeza/protocol";
import type { BusinessDate } from "@trapeza/protocol";
import { cookOf, cooks } from "../../../office/menu/cooks.js";
import { CYCLE_DAYS } from "../../../office/menu/cycle.js";
import { publishCycle, putCycle, readCycle } from "../../../office/menu/menu-desk.js";
import { may } from "../../../office/roles.js";
import { EMPTY, Area, Field, Form } from "../../form.js";
import type { Typed } from "../../form.js";
import { filled, go, show } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";
import { dayIn, numberIn, partsIn } from "./typed.js";
import { menuWords } from "./words.js";

const SCHOOL_DAYS = 5;
const MOST_DISHES = 16;
const MOST_WEEKS = 20;

async function cyclePage(visit: Visit, troubles: Typed | null = null): Promise<Answer> {
  const { office, school, actor } = visit;
  const words = menuWords(visit);
  const [{ school: told }, cycle, today] = await Promise.all([office.told(school), readCycle(office, school), office.today(school)]);
  const form = filled(visit, troubles);
  const at = "/office/" + school + "/cycle";
  const writes = may(actor.role, "menu.write");
  return show(
    <OfficeSheet visit={visit} title={words.cycle}>
      <p class="lead">{told.meals.size === 0 ? words.noMeals : words.cycleLead}</p>
      {writes && told.meals.size > 0 && (
        <Form action={at + "/publish"} class="tools" label={words.publish}>
          <Field {...{ form, name: "from", label: words.first, type: "date", value: formatDate((today + 1) as BusinessDate) }} />
          <Field {...{ form, name: "weeks", label: words.weeks, inputmode: "numeric", value: "2" }} />
          <Field {...{ form, name: "holidays", label: words.holidays, hint: words.holidaysHint, optional: true }} />
          <button class="main">{words.publish}</button>
        </Form>
      )}
      {[...told.meals.values()].map((meal) => (
        <section>
          <h2>{meal.name}</h2>
          <Form action={at + "/" + meal.id} label={meal.name}>
            <div class="cycle">
              {Array.from({ length: CYCLE_DAYS }, (_, day) => (
                <Area
                  {...{ form: EMPTY, name: "m" + meal.id + "d" + day, rows: 3, optional: true }}
                  label={words.week(day < SCHOOL_DAYS ? 1 : 2) + ", " + words.days[day % SCHOOL_DAYS]}
                  value={(cycle.get(meal.id)?.[day] ?? []).join("; ")}
                />
              ))}
            </div>
            {writes && cooks(told, cookOf(actor), meal.id, today) && <button>{words.save}</button>}
          </Form>
        </section>
      ))}
    </OfficeSheet>,
    troubles ? 400 : 200,
  );
}

async function save(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, typed, param } = visit;
  const meal = Number(param("meal"));
  const told = (await office.told(school)).school;
  if (!told.meals.has(meal) || !cooks(told, cookOf(actor), meal, await office.today(school))) return null;
  const plates = Array.from({ length: CYCLE_DAYS }, (_, day) =>
    partsIn(typed["m" + meal + "d" + day], ";")
      .slice(0, MOST_DISHES)
      .map((dish) => dish.slice(0, 160)),
  );
  await putCycle(office, { login: actor.login, school }, meal, plates);
  return go("/office/" + school + "/cycle", menuWords(visit).saved);
}

async function publish(visit: Visit): Promise<Answer> {
  const { office, actor, school, typed } = visit;
  const words = menuWords(visit);
  const [from, weeks, holidays] = [dayIn(typed.from), numberIn(typed.weeks, MOST_WEEKS), partsIn(typed.holidays).map(dayIn)];
  const today = await office.today(school);
  const free = holidays.filter((day) => day !== null);
  if (from === null || from <= today || !weeks || free.length < holidays.length) return cyclePage(visit, { from: words.publishWrong });
  const plates = await publishCycle(office, { login: actor.login, school, cook: cookOf(actor) }, { from, weeks, holidays: new Set(free) });
  return go("/office/" + school + "/cycle", words.published(plates));
}

export const CYCLE_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: "/office/:school/cycle", permission: "menu.read", answer: (visit) => cyclePage(visit) },
  { method: "POST", path: "/office/:school/cycle/publish", permission: "menu.write", answer: publish },
  { method: "POST", path: "/office/:school/cycle/:meal", permission: "menu.write", answer: save },
];
