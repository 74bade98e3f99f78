/** A guardian's own page: address, password, children, where they are logged in, and the way out for good. */
import type { ContactRow } from "../../people/store.js";
import type { Binding } from "../../payments/store.js";
import type { SessionSeen } from "../../people/portal-session.js";
import { dateWords, localMoment } from "../date-text.js";
import { EMPTY, Field, Form } from "../form.js";
import type { Filled } from "../form.js";
import { Note } from "../parts.js";
import { useReader } from "../reader-context.js";
import type { ChildCard } from "./child-card.js";
import { NewPassword } from "./door-pages.js";
import { ParentSheet } from "./sheet.js";
import { parentWords } from "./words.js";

export interface ProfileProps {
  readonly guardian: string;
  /** As digits. */
  readonly phone: string;
  readonly contact: ContactRow;
  readonly cards: readonly ChildCard[];
  readonly sessions: readonly SessionSeen[];
  readonly bindings: readonly Binding[];
  /** Who else may vouch for the guardian, and since when; null when nobody is set up. */
  readonly identity: { readonly name: string; readonly sinceMs: number | null } | null;
  /** Where the guardian's clock stands: the zone of the first child's school. */
  readonly zoneMinutes: number;
  /** The form that was posted last, by its action, when something was wrong with it. */
  readonly posted?: { readonly action: string; readonly form: Filled };
}

export function ProfilePage(props: ProfileProps) {
  const { guardian, phone, posted } = props;
  const words = parentWords(useReader().language);
  const say = words.account.profile;
  const formOf = (action: string) => (posted?.action === action ? posted.form : EMPTY);
  return (
    <ParentSheet title={say.title} guardian={guardian}>
      <h1>{guardian}</h1>
      <dl class="facts">
        <dt>{say.phone}</dt>
        <dd>
          +{phone} <span class="say">{say.phoneSay}</span>
        </dd>
      </dl>
      <Children {...props} />
      <Bindings {...props} />
      <Email {...props} form={formOf("/profile/email")} />
      <section class="door">
        <h2>{say.password}</h2>
        <Form action="/profile/password" label={say.password}>
          <Field
            {...{ form: formOf("/profile/password"), name: "oldPassword", label: say.oldPassword, type: "password" }}
            autocomplete="current-password"
          />
          <NewPassword form={formOf("/profile/password")} label={say.newPassword} name="newPassword" />
          <button>{say.savePassword}</button>
        </Form>
      </section>
      <IdentityDoor {...props} form={formOf("/profile/identity")} />
      <Sessions {...props} />
      <section class="door">
        <h2>{say.erase}</h2>
        <p class="faint">{say.eraseLead}</p>
        <Form action="/profile/erase" label={say.erase}>
          <Field
            {...{ form: formOf("/profile/erase"), name: "erasePassword", label: say.oldPassword, type: "password" }}
            autocomplete="off"
          />
          <button class="danger">{say.eraseSubmit}</button>
        </Form>
      </section>
    </ParentSheet>
  );
}

function Children({ cards }: ProfileProps) {
  const say = parentWords(useReader().language).account.profile;
  return (
    <section>
      <h2>{say.children}</h2>
      {cards.length === 0 && <p class="empty">{say.noChildren}</p>}
      <ul class="lines">
        {cards.map((card) => (
          <li>
            <span>{card.kind !== "waiting" ? card.name : card.school + "/" + card.account}</span>
            <Form action={"/children/" + card.school + "/" + card.account + "/unlink"}>
              <button class="quiet" aria-label={card.kind !== "waiting" ? say.unlinkOf(card.name) : undefined}>
                {say.unlink}
              </button>
            </Form>
          </li>
        ))}
      </ul>
      <p>
        <a class="button" href="/link">
          {say.link}
        </a>
      </p>
    </section>
  );
}

function Bindings({ bindings, zoneMinutes }: ProfileProps) {
  const { language } = useReader();
  const { account, pay } = parentWords(language);
  const say = account.profile;
  if (bindings.length === 0) return null;
  return (
    <section>
      <h2>{say.bindings}</h2>
      <ul class="lines">
        {bindings.map(({ id, way, bank, boundMs }) => (
          <li>
            <span>
              {bank === "" ? pay.review.ways[way] : bank}
              <span class="say">{say.boundOn(dateWords(localMoment(boundMs, zoneMinutes).date, language))}</span>
            </span>
            <Form action="/profile/unbind">
              <input type="hidden" name="binding" value={id} />
              <button class="quiet" aria-label={say.unbindOf(bank)}>
                {say.unbind}
              </button>
            </Form>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Email({ contact, form }: ProfileProps & { form: Filled }) {
  const say = parentWords(useReader().language).account.profile;
  return (
    <section class="door">
      <h2>{say.email}</h2>
      {contact.email === null ? (
        <p class="empty">{say.none}</p>
      ) : (
        <Note tone={contact.isConfirmed ? "good" : "calm"}>
          {contact.email}, {contact.isConfirmed ? say.confirmed : say.unconfirmed}
        </Note>
      )}
      <Form action="/profile/email" label={say.email}>
        <Field {...{ form, name: "email", label: say.email, type: "email", autocomplete: "email", value: contact.email ?? "" }} />
        <button>{say.saveEmail}</button>
      </Form>
    </section>
  );
}

function IdentityDoor({ identity, zoneMinutes, form }: ProfileProps & { form: Filled }) {
  const { language } = useReader();
  const say = parentWords(language).account.identity;
  if (identity === null) return null;
  const { name, sinceMs } = identity;
  return (
    <section class="door">
      <h2>{say.title(name)}</h2>
      {sinceMs === null ? (
        <Form action="/profile/identity" label={say.title(name)}>
          <p class="faint">{say.lead(name)}</p>
          <Field {...{ form, name: "identityPassword", label: say.password, type: "password", autocomplete: "current-password" }} />
          <button>{say.bind}</button>
        </Form>
      ) : (
        <Form action="/profile/identity/end" label={say.title(name)}>
          <Note tone="good">{say.since(dateWords(localMoment(sinceMs, zoneMinutes).date, language))}</Note>
          <button>{say.end}</button>
        </Form>
      )}
    </section>
  );
}

function Sessions({ sessions, zoneMinutes }: ProfileProps) {
  const { language } = useReader();
  const say = parentWords(language).account.profile;
  return (
    <section>
      <h2>{say.sessions}</h2>
      <ul class="lines">
        {sessions.map(({ id, agent, isThis, createdMs }) => {
          const { clock, date } = localMoment(createdMs, zoneMinutes);
          return (
            <li>
              <span>
                {browserOf(agent) ?? say.unknownBrowser}
                {isThis && <b> · {say.thisDevice}</b>}
                <span class="say">{say.since(clock, dateWords(date, language))}</span>
              </span>
              {!isThis && (
                <Form action={"/profile/sessions/" + id + "/end"}>
                  <button class="quiet">{say.end}</button>
                </Form>
              )}
            </li>
          );
        })}
      </ul>
      {sessions.length > 1 && (
        <Form action="/profile/sessions/end">
          <button>{say.endOthers}</button>
        </Form>
      )}
    </section>
  );
}

/** "Firefox, Android" out of what a browser calls itself; null when it says nothing that a person knows. */
export function browserOf(agent: string): string | null {
  const browser = [/YaBrowser/, /Edg/, /OPR/, /Firefox/, /Chrome/, /Safari/].findIndex((pattern) => pattern.test(agent));
  const system = /Android|iPhone|iPad|Windows|Mac OS|Linux/.exec(agent)?.[0];
  const name = ["Yandex", "Edge", "Opera", "Firefox", "Chrome", "Safari"][browser];
  return [name, system].filter(Boolean).join(", ") || null;
}
