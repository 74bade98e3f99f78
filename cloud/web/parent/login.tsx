/** The door: phone and password, and the ways to both. */
import { Field, Form, Tick } from "../form.js";
import type { Filled } from "../form.js";
import { Sheet } from "../layout.js";
import { useReader } from "../reader-context.js";
import { parentWords } from "./words.js";

/** `form.values.phone` as typed; a password never comes back. `identity`: who else may vouch for the reader. */
export function LoginPage({ form, identity }: { form: Filled; identity: string | null }) {
  const { login, account, pay } = parentWords(useReader().language);
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
        <Tick name="remember" label={account.remember} checked={(form.values.remember ?? "1") === "1"} />
        <p class="actions">
          <button class="main">{login.submit}</button>
          <a href="/restore">{account.toRestore}</a>
        </p>
      </Form>
      {identity !== null && (
        <p>
          <a class="button" href="/login/identity">
            {account.identity.logIn(identity)}
          </a>
        </p>
      )}
      <p>
        <a href="/register">{account.toRegister}</a> · <a href="/pay/number">{pay.byNumber}</a>
      </p>
    </Sheet>
  );
}
