/** Bank requisites in a form, and out of it. */
import { FIELDS } from "../../../settlement/requisites.js";
import type { Requisites } from "../../../settlement/requisites.js";
import { Field } from "../../form.js";
import type { Filled, Typed } from "../../form.js";
import type { Visit } from "../route.js";
import { outWords } from "./words.js";

const OPTIONAL: readonly string[] = ["kpp", "correspondent"];

export function RequisiteFields({ visit, form, first }: { visit: Visit; form: Filled; first?: Requisites }) {
  const words = outWords(visit);
  return (
    <>
      {FIELDS.map((name) => (
        <Field
          {...{ form, name, label: words.fields[name], most: 160, optional: OPTIONAL.includes(name), value: first?.[name] ?? "" }}
          inputmode={name === "name" || name === "bank" ? undefined : "numeric"}
          hint={name === "kpp" ? words.kppHint : undefined}
        />
      ))}
    </>
  );
}

export function requisitesIn(typed: Typed): Requisites {
  const text = (field: keyof Requisites) => (typed[field] ?? "").replace(/\s+/g, " ").trim();
  const digits = (field: keyof Requisites) => text(field).replaceAll(" ", "");
  return {
    ...{ name: text("name"), inn: digits("inn"), kpp: digits("kpp"), account: digits("account") },
    ...{ bank: text("bank"), bic: digits("bic"), correspondent: digits("correspondent") },
  };
}
