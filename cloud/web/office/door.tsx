/** The two steps of the staff's door. */
import { Field, Form } from "../form.js";
import type { Filled } from "../form.js";
import { Sheet } from "../layout.js";
import type { OfficeWords } from "./words.ru.js";

export function OfficeLogin({ words, form }: { words: OfficeWords; form: Filled }) {
  const { door } = words;
  return (
    <Sheet title={door.title} home="/office">
      <h1>{door.title}</h1>
      <Form action="/office/login" class="door">
        <Field {...{ form, name: "login", label: door.login, autocomplete: "username" }} focus={form.values.login === undefined} />
        <Field {...{ form, name: "password", label: door.password, type: "password", autocomplete: "current-password" }} />
        <button class="main">{door.submit}</button>
      </Form>
    </Sheet>
  );
}

interface FactorProps {
  readonly words: OfficeWords;
  readonly form: Filled;
  /** A drawing and the key in letters, while the second factor is not proven yet. */
  readonly enrol: { readonly svg: string; readonly key: string } | null;
}

export function OfficeFactor({ words, form, enrol }: FactorProps) {
  const { door } = words;
  return (
    <Sheet title={door.factor} home="/office">
      <h1>{door.factor}</h1>
      <p class="lead">{enrol ? door.enrol : door.factorLead}</p>
      {enrol && (
        <>
          <div class="qr" role="img" aria-label={door.drawing} dangerouslySetInnerHTML={{ __html: enrol.svg }} />
          <p>
            {door.secret} <code class="secret">{enrol.key}</code>
          </p>
        </>
      )}
      <Form action="/office/factor" class="door">
        <Field {...{ form, name: "code", label: door.code, autocomplete: "one-time-code", inputmode: "numeric" }} focus />
        <button class="main">{door.enter}</button>
      </Form>
    </Sheet>
  );
}
