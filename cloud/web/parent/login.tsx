/** The door: phone and password. */
import { Sheet } from "../layout.js";
import type { Words } from "../words.ru.js";

export interface LoginProps {
  readonly words: Words;
  /** As typed; never the password. */
  readonly phone: string;
  readonly trouble: { readonly field: "phone" | "password"; readonly text: string } | null;
}

export function LoginPage({ words, phone, trouble }: LoginProps) {
  const { login } = words;
  const at = (field: "phone" | "password") => (trouble?.field === field ? trouble.text : null);
  return (
    <Sheet words={words} title={login.title} guardian={null} here="/login">
      <h1>{login.title}</h1>
      <p class="lead">{login.lead}</p>
      <form method="post" action="/login" class="door">
        <Field name="phone" label={login.phone} hint={login.phoneHint} trouble={at("phone")}>
          <input
            id="phone"
            name="phone"
            type="tel"
            autocomplete="username"
            required
            value={phone}
            aria-describedby="phone-say"
            autofocus={phone === ""}
          />
        </Field>
        <Field name="password" label={login.password} hint="" trouble={at("password")}>
          <input id="password" name="password" type="password" autocomplete="current-password" required aria-describedby="password-say" />
        </Field>
        <button class="main">{login.submit}</button>
      </form>
    </Sheet>
  );
}

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly trouble: string | null;
  readonly children: preact.ComponentChildren;
}

function Field({ name, label, hint, trouble, children }: FieldProps) {
  return (
    <div class={trouble === null ? "field" : "field wrong"}>
      <label for={name}>{label}</label>
      {children}
      <p id={name + "-say"} class="say" role={trouble === null ? undefined : "alert"}>
        {trouble ?? hint}
      </p>
    </div>
  );
}
