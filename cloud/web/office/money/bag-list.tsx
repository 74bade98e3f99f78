/** Bags from kiosks that the bank has not told of yet, and slips with a payment code: both on the page of what comes through the bank. */
import type { School } from "@trapeza/protocol";
import { countBag } from "../../../settlement/collection-desk.js";
import type { Bag } from "../../../settlement/collection-desk.js";
import { Form } from "../../form.js";
import { Money } from "../../parts.js";
import { numberIn, sumIn } from "../menu/typed.js";
import { DataTable } from "../parts.js";
import { go } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { outWords } from "./words.js";

export function Bags({ visit, bags, writes }: { visit: Visit; bags: readonly Bag[]; writes: boolean }) {
  const words = outWords(visit);
  return (
    <>
      <h2>{words.bags}</h2>
      <DataTable
        caption={words.bags}
        rows={bags}
        empty={words.noBags}
        columns={[
          { head: words.bag, cell: ({ collection }) => collection },
          { head: words.kiosk, cell: ({ terminal, place }) => terminal + ", " + place },
          { head: words.expected, cell: ({ expected }) => <Money amount={expected} />, figure: true },
          {
            head: words.counted,
            cell: ({ collection }) =>
              writes && (
                <Form action={"/office/" + visit.school + "/bags/" + collection}>
                  <input type="text" name="counted" inputMode="decimal" required aria-label={words.counted} />{" "}
                  <button class="quiet">{words.count}</button>
                </Form>
              ),
          },
        ]}
      />
    </>
  );
}

export function Codes({ visit, told }: { visit: Visit; told: School }) {
  const words = outWords(visit);
  return (
    <>
      <h2>{words.codes}</h2>
      <p>{words.codesLead}</p>
      <p class="tools">
        {[...told.classes.values()].map(({ id, name }) => (
          <a href={"/office/" + visit.school + "/codes/" + id + "/paper"}>{name}</a>
        ))}
      </p>
    </>
  );
}

async function count(visit: Visit): Promise<Answer> {
  const { office, actor, school, typed, param } = visit;
  const words = outWords(visit);
  const counted = sumIn(typed.counted);
  const bag = numberIn(param("bag"), Number.MAX_SAFE_INTEGER) ?? -1;
  const done = counted !== null && (await countBag(office, { login: actor.login, school }, bag, counted));
  return go("/office/" + school + "/bank", done ? words.countDone : words.countWrong);
}

export const BAG_ROUTES: readonly OfficeRoute[] = [
  { method: "POST", path: "/office/:school/bags/:bag", permission: "money.write", answer: count },
];
