/** The form on which an application is taken: a pupil's from a parent, an employee's from themself, a duplicate's from the school. */
import type { School } from "@trapeza/protocol";
import { CAUSES, PAPERS } from "../../../office/cards/application.js";
import type { Cause, Kind } from "../../../office/cards/application.js";
import { receive } from "../../../office/cards/application-desk.js";
import { isOf } from "../../../office/cards/card-orders.js";
import { holderIn } from "../../../office/cards/holder.js";
import type { Holder, HolderText } from "../../../office/cards/holder.js";
import { nameCase } from "../../../office/people/person.js";
import { parsePhone } from "../../../people/phone.js";
import { Field, Form, Select, Tick } from "../../form.js";
import type { Filled, Typed } from "../../form.js";
import { numberIn } from "../menu/typed.js";
import { filled, go, show } from "../route.js";
import type { Answer, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";
import { cardWords } from "./words.js";

/** Duplicates asked for at once: R7.2 has their number agreed with the operator. */
const MOST_DUPLICATES = 20;

interface Asked {
  readonly holder: Holder;
  readonly text: HolderText;
  readonly told: School;
}

/** Whom the address names. */
async function askedFor({ office, school, param }: Visit): Promise<Asked | null> {
  const told = (await office.told(school)).school;
  const isStaff = param("staff") !== "";
  const holder: Holder = isStaff
    ? { holder: "staff", number: Number(param("staff")) }
    : { holder: "pupil", number: Number(param("account")) };
  const text = holderIn(told, holder);
  return text && { holder, text, told };
}

export async function formPage(visit: Visit, troubles: Typed | null = null): Promise<Answer | null> {
  const { school } = visit;
  const words = cardWords(visit);
  const asked = await askedFor(visit);
  if (!asked) return null;
  const { holder, text } = asked;
  const form = filled(visit, troubles);
  const isPupil = holder.holder === "pupil";
  const kinds = [
    { value: "first", name: words.first },
    ...(isPupil ? [] : [{ value: "duplicate", name: words.duplicate }]),
    ...CAUSES.map((cause) => ({ value: cause, name: words.again[cause] })),
  ];
  const at = "/office/" + school + (isPupil ? "/people/" : "/employees/") + holder.number + "/card";
  return show(
    <OfficeSheet visit={visit} title={words.receiveFor(text.name)}>
      <Form action={at}>
        <Select {...{ form, name: "kind", label: words.kind, value: visit.param("kind"), options: kinds }} />
        {isPupil ? <Applicant {...{ visit, form }} /> : <Own {...{ visit, form, asked }} />}
        <Field {...{ form, name: "phone", label: words.phone, type: "tel" }} />
        <Field {...{ form, name: "mail", label: words.mail, type: "email", optional: true }} />
        <fieldset class="field">
          <legend>{words.checklist}</legend>
          {PAPERS.map((paper) => (
            <Tick name="papers" value={paper} label={words.papers[paper]} checked={visit.all("papers").includes(paper)} />
          ))}
        </fieldset>
        <Field {...{ form, name: "paid", label: words.paid, hint: words.paidHint, optional: true }} />
        <button class="main">{words.receive}</button>
      </Form>
    </OfficeSheet>,
    troubles ? 400 : 200,
  );
}

function Applicant({ visit, form }: { visit: Visit; form: Filled }) {
  const words = cardWords(visit);
  const isParent = Object.keys(form.values).length === 0 || form.values.parent === "1";
  return (
    <>
      <Field {...{ form, name: "applicant", label: words.applicant, hint: words.applicantHint }} />
      <Tick name="parent" label={words.parent} checked={isParent} />
    </>
  );
}

/** An employee signs for themself, and says which of their cards is replaced, or how many stand beside it. */
function Own({ visit, form, asked: { holder, text, told } }: { visit: Visit; form: Filled; asked: Asked }) {
  const words = cardWords(visit);
  const cards = [...told.cards.values()].filter((card) => isOf(card, holder) && card.state !== "returned");
  const options = [{ value: "", name: "—" }, ...cards.map(({ uid, number }) => ({ value: uid, name: number + " (" + uid + ")" }))];
  return (
    <>
      <Field {...{ form, name: "applicant", label: words.applicant, value: text.name }} />
      <Select {...{ form, name: "replaces", label: words.replaces, options }} />
      <Field {...{ form, name: "count", label: words.count, value: "1", inputmode: "numeric", optional: true }} />
    </>
  );
}

export async function take(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, typed } = visit;
  const words = cardWords(visit);
  const asked = await askedFor(visit);
  if (!asked) return null;
  const phone = parsePhone(typed.phone ?? "");
  const applicant = nameCase(typed.applicant ?? "");
  if (phone === null || applicant.split(" ").length < 2) return formPage(visit, { applicant: words.wrong });
  const cause: Cause | null = CAUSES.find((one) => one === typed.kind) ?? null;
  const kind: Kind = cause !== null ? "again" : typed.kind === "duplicate" && asked.holder.holder === "staff" ? "duplicate" : "first";
  const form = {
    ...{ kind, cause, applicant, phone, mail: (typed.mail ?? "").trim() },
    papers: PAPERS.filter((paper) => visit.all("papers").includes(paper)),
    isParent: typed.parent === "1",
    replaces: asked.holder.holder === "staff" && kind === "again" ? typed.replaces || null : null,
    paid: (typed.paid ?? "").trim() || null,
  };
  const count = kind === "duplicate" ? (numberIn(typed.count, MOST_DUPLICATES) ?? 1) : 1;
  let done: Awaited<ReturnType<typeof receive>> = null;
  for (let left = Math.max(count, 1); left > 0; left--) done = await receive(office, { login: actor.login, school }, asked.holder, form);
  if (done === "card") return formPage(visit, { replaces: words.noSuchCard });
  return done && go("/office/" + school + "/cards", done === "open" ? words.open : words.received);
}
