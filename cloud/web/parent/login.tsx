/** The door: phone and password. */
import { Field, Form } from "../form.js";
import type { Filled } from "../form.js";
import { Sheet } from "../layout.js";
import { useReader } from "../reader-context.js";
import { parentWords } from "./words.js";

/** `form.values.phone` as typed; a password never comes back. */
export function LoginPage({ form }: { form: Filled }) {
  const { login } = parentWords(useReader().language);
  return (
    <Sheet title={login.title}>
      <h1>{login.title}</h1>
      <p class="lead">{login.lead}</p>
      <Form action="/login" class="door">
        <Field
          {...{ form, name: "phone", label: login.phone, hint: login.phoneHint, type: "tel", autocomplete: "username" }}
          focus={form.values.phone === undefined}
        />
        <Field {...{ form, name: "password", label: login.password, type: "password", autocomplete: "current-password" }} />
        <button class="main">{login.submit}</button>
      </Form>
    </Sheet>
  );
}
