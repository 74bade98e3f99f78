/** The door: registering, the code from the message, and the ways back in. */
import { Field, Form } from "../form.js";
import type { Filled } from "../form.js";
import { Sheet } from "../layout.js";
import { useReader } from "../reader-context.js";
import { parentWords } from "./words.js";

const useWords = () => parentWords(useReader().language);

export function RegisterPage({ form }: { form: Filled }) {
  const { account, login } = useWords();
  const say = account.register;
  return (
    <Sheet title={say.title}>
      <h1>{say.title}</h1>
      <p class="lead">{say.lead}</p>
      <Form action="/register" class="door">
        <Field {...{ form, name: "phone", label: login.phone, hint: say.phoneHint, type: "tel", autocomplete: "tel" }} />
        <Field {...{ form, name: "firstName", label: say.firstName, autocomplete: "given-name", most: 60 }} />
        <Field {...{ form, name: "surname", label: say.surname, autocomplete: "family-name", most: 60 }} />
        <Field {...{ form, name: "email", label: say.email, hint: say.emailHint, type: "email", autocomplete: "email" }} />
        <Field
          {...{ form, name: "password", label: say.password, hint: say.passwordHint, type: "password", autocomplete: "new-password" }}
        />
        <button class="main">{say.submit}</button>
      </Form>
      <p>
        <a href="/login">{say.toLogin}</a>
      </p>
    </Sheet>
  );
}

export function CodePage({ form }: { form: Filled }) {
  const say = useWords().account.code;
  return (
    <Sheet title={say.title}>
      <h1>{say.title}</h1>
      <p class="lead">{say.lead}</p>
      <Form action="/register/code" class="door">
        <Field {...{ form, name: "code", label: say.code, inputmode: "numeric", autocomplete: "one-time-code", most: 12, focus: true }} />
        <button class="main">{say.submit}</button>
      </Form>
      <p>
        <a href="/register">{say.again}</a>
      </p>
    </Sheet>
  );
}

/** `byCode`: the till's form as it was posted; the other is never shown again. */
export function RestorePage({ byEmail, byCode }: { byEmail: Filled; byCode: Filled }) {
  const { account, login } = useWords();
  const say = account.restore;
  return (
    <Sheet title={say.title}>
      <h1>{say.title}</h1>
      <section class="door">
        <h2>{say.byEmail}</h2>
        <p class="lead">{say.byEmailLead}</p>
        <Form action="/restore" label={say.byEmail}>
          <Field {...{ form: byEmail, name: "email", label: account.register.email, type: "email", autocomplete: "email" }} />
          <button class="main">{say.send}</button>
        </Form>
      </section>
      <section class="door">
        <h2>{say.byCode}</h2>
        <p class="lead">{say.byCodeLead}</p>
        <Form action="/restore/till" label={say.byCode}>
          <Field {...{ form: byCode, name: "phone", label: login.phone, type: "tel", autocomplete: "username" }} />
          <Field {...{ form: byCode, name: "number", label: say.number, hint: say.numberHint, inputmode: "numeric", most: 20 }} />
          <Field {...{ form: byCode, name: "code", label: say.code, inputmode: "numeric", autocomplete: "one-time-code", most: 20 }} />
          <NewPassword form={byCode} label={say.newPassword} />
          <button class="main">{say.submit}</button>
        </Form>
      </section>
    </Sheet>
  );
}

export function NewPasswordPage({ action, form }: { action: string; form: Filled }) {
  const say = useWords().account.restore;
  return (
    <Sheet title={say.newPassword}>
      <h1>{say.newPassword}</h1>
      <Form action={action} class="door">
        <NewPassword form={form} label={say.newPassword} />
        <button class="main">{say.submit}</button>
      </Form>
    </Sheet>
  );
}

export function NewPassword({ form, label, name = "password" }: { form: Filled; label: string; name?: string }) {
  const { passwordHint } = useWords().account.register;
  return <Field {...{ form, name, label, hint: passwordHint, type: "password", autocomplete: "new-password" }} />;
}

/** A button, because programs that look through letters follow links and press none. */
export function ConfirmEmailPage({ action }: { action: string }) {
  const say = useWords().account.email;
  return (
    <Sheet title={say.title}>
      <h1>{say.title}</h1>
      <p class="lead">{say.lead}</p>
      <Form action={action}>
        <button class="main">{say.submit}</button>
      </Form>
    </Sheet>
  );
}
