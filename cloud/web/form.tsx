/**
 * Forms as the house draws them: label, field, and beside the field what is wrong with it, in one sentence with the way out. What was typed stays, passwords
 * excepted. Everything works without a script.
 */
import type { ComponentChildren } from "preact";
import { useReader } from "./reader-context.js";

const LONGEST_TEXT = 2000;
/** The field of every form that carries the reader's token. */
export const TOKEN_FIELD = "form";

/** What was typed, by field. */
export type Typed = { readonly [field: string]: string };

/** A form as it is shown: what stands in its fields, and what is wrong with them. */
export interface Filled {
  readonly values: Typed;
  readonly troubles: Typed;
}

export const EMPTY: Filled = { values: {}, troubles: {} };

/** A posted form's texts; what is no text, or twice there, or endless, is cut down to one. Never throws. */
export function typedIn(body: unknown): Typed {
  if (typeof body !== "object" || body === null) return {};
  const texts = Object.entries(body as { [name: string]: unknown }).flatMap(([name, value]) => {
    const text = Array.isArray(value) ? (value as unknown[]).at(-1) : value;
    return typeof text === "string" ? [[name, text.slice(0, LONGEST_TEXT)] as const] : [];
  });
  return Object.assign(Object.create(null) as object, Object.fromEntries(texts)) as Typed;
}

/** All of a field that may be there many times. */
export function allIn(body: unknown, name: string): string[] {
  const value = typeof body === "object" && body !== null && Object.hasOwn(body, name) ? (body as { [name: string]: unknown })[name] : [];
  return (Array.isArray(value) ? (value as unknown[]) : [value]).filter((one): one is string => typeof one === "string");
}

export interface FormProps {
  readonly action: string;
  readonly class?: string;
  readonly label?: string;
  /** It takes a file along. */
  readonly upload?: boolean;
  readonly children: ComponentChildren;
}

/** Every form that changes something: posted, with the reader's token. */
export function Form({ action, class: look, label, upload = false, children }: FormProps) {
  return (
    <form method="post" action={action} class={look} aria-label={label} enctype={upload ? "multipart/form-data" : undefined}>
      <input type="hidden" name={TOKEN_FIELD} value={useReader().token} />
      {children}
    </form>
  );
}

export interface FieldProps {
  readonly form: Filled;
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly type?: "text" | "tel" | "email" | "password" | "number" | "date" | "time" | "search";
  /** Its value when nothing was typed yet. */
  readonly value?: string;
  readonly autocomplete?: string;
  readonly inputmode?: "numeric" | "decimal" | "tel" | "email";
  readonly optional?: boolean;
  readonly most?: number;
  readonly focus?: boolean;
  /** Letters and figures that stand behind the field, as "₽". */
  readonly unit?: string;
}

/** One line to type. */
export function Field(props: FieldProps) {
  const { form, name, type = "text", value = "", optional = false, most = 200, unit } = props;
  const input = (
    <input
      {...{ id: name, name, type, required: !optional, maxLength: most, autofocus: props.focus, autocomplete: props.autocomplete }}
      inputMode={props.inputmode}
      value={type === "password" ? undefined : (form.values[name] ?? value)}
      {...said(props)}
    />
  );
  return (
    <Labelled {...props}>
      {unit ? (
        <span class="with-unit">
          {input} <span class="unit">{unit}</span>
        </span>
      ) : (
        input
      )}
    </Labelled>
  );
}

/** Several lines to type. */
export function Area(props: FieldProps & { readonly rows?: number }) {
  const { form, name, value = "", optional = false, most = LONGEST_TEXT, rows = 5 } = props;
  return (
    <Labelled {...props}>
      <textarea {...{ id: name, name, required: !optional, maxLength: most, rows }} {...said(props)}>
        {form.values[name] ?? value}
      </textarea>
    </Labelled>
  );
}

export interface Option {
  readonly value: string;
  readonly name: string;
}

/** One of many. */
export function Select(props: FieldProps & { readonly options: readonly Option[] }) {
  const { form, name, value = "", options } = props;
  const chosen = form.values[name] ?? value;
  return (
    <Labelled {...props}>
      <select id={name} name={name} {...said(props)}>
        {options.map((option) => (
          <option value={option.value} selected={option.value === chosen}>
            {option.name}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

/** One of a few, all seen at once. */
export function Choice({ form, name, label, value = "", options }: FieldProps & { readonly options: readonly Option[] }) {
  const chosen = form.values[name] ?? value;
  const trouble = form.troubles[name];
  return (
    <fieldset class={trouble ? "field wrong" : "field"} aria-describedby={trouble ? name + "-say" : undefined}>
      <legend>{label}</legend>
      {options.map((option) => (
        <label class="tick">
          <input type="radio" name={name} value={option.value} checked={option.value === chosen} /> {option.name}
        </label>
      ))}
      {trouble && <Say name={name} text={trouble} wrong />}
    </fieldset>
  );
}

/** Yes or no; "1" when ticked. */
export function Tick({ name, label, checked, value = "1" }: { name: string; label: ComponentChildren; checked: boolean; value?: string }) {
  return (
    <label class="tick">
      <input type="checkbox" name={name} value={value} checked={checked} /> <span>{label}</span>
    </label>
  );
}

function said({ form, name, hint }: FieldProps) {
  const trouble = form.troubles[name];
  return { "aria-describedby": trouble || hint ? name + "-say" : undefined, "aria-invalid": trouble ? ("true" as const) : undefined };
}

function Labelled({ form, name, label, hint, children }: FieldProps & { children: ComponentChildren }) {
  const trouble = form.troubles[name];
  return (
    <p class={trouble ? "field wrong" : "field"}>
      <label for={name}>{label}</label>
      {children}
      {(trouble || hint) && <Say name={name} text={trouble || hint || ""} wrong={Boolean(trouble)} />}
    </p>
  );
}

function Say({ name, text, wrong }: { name: string; text: string; wrong: boolean }) {
  return (
    <span id={name + "-say"} class="say" role={wrong ? "alert" : undefined}>
      {text}
    </span>
  );
}
