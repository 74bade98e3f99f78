/** Second adults of a child, what each of them may do, and the invitation as it is shown once and as it is taken. */
import { RIGHTS } from "../../people/shares.js";
import type { Right } from "../../people/shares.js";
import { dateWords } from "../date-text.js";
import type { localMoment } from "../date-text.js";
import { Form, Tick } from "../form.js";
import { Note } from "../parts.js";
import { Qr } from "../qr.js";
import { useReader } from "../reader-context.js";
import { ChildHead, pathOf } from "./child-head.js";
import type { NamedChild } from "./child-head.js";
import { OpenSheet, ParentSheet } from "./sheet.js";
import { parentWords } from "./words.js";

export interface AdultSeen {
  /** Names the adult in an address, and tells nothing else. */
  readonly id: string;
  readonly name: string;
  readonly phoneEnd: string;
  readonly rights: readonly Right[];
}

export interface AdultsProps {
  readonly guardian: string;
  readonly card: NamedChild;
  readonly adults: readonly AdultSeen[];
  readonly invitations: readonly {
    readonly id: string;
    readonly rights: readonly Right[];
    readonly until: ReturnType<typeof localMoment>;
  }[];
  /** Where nothing was ticked: the form's own address. */
  readonly trouble: { readonly action: string; readonly text: string } | null;
}

export function AdultsPage(props: AdultsProps) {
  const { guardian, card, adults, trouble } = props;
  const { adults: say } = parentWords(useReader().language);
  const path = pathOf(card) + "/adults";
  const troubleAt = (action: string) => (trouble?.action === action ? trouble.text : null);
  return (
    <ParentSheet title={say.title} guardian={guardian}>
      <ChildHead card={card} at="adults" />
      <p class="lead">{say.lead}</p>
      {adults.length === 0 && <p class="empty">{say.nobody}</p>}
      {adults.map((adult) => (
        <section class="adult">
          <h2>{adult.name}</h2>
          <p class="faint">{say.phone(adult.phoneEnd)}</p>
          <Form action={path + "/" + adult.id} label={say.rightsOf(adult.name)}>
            <Rights chosen={adult.rights} trouble={troubleAt(path + "/" + adult.id)} />
            <button>{say.save}</button>
          </Form>
          <Form action={path + "/" + adult.id + "/withdraw"}>
            <button class="quiet" aria-label={say.withdrawOf(adult.name)}>
              {say.withdraw}
            </button>
          </Form>
        </section>
      ))}
      <Invitations {...props} />
      <section>
        <h2>{say.invite}</h2>
        <Form action={path} label={say.invite}>
          <Rights chosen={["see", "pay"]} trouble={troubleAt(path)} />
          <button class="main">{say.create}</button>
        </Form>
      </section>
    </ParentSheet>
  );
}

function Rights({ chosen, trouble }: { chosen: readonly Right[]; trouble: string | null }) {
  const { rights } = parentWords(useReader().language).adults;
  return (
    <div class="rights">
      {RIGHTS.map((right) => (
        <Tick name="right" value={right} label={rights[right]} checked={chosen.includes(right)} />
      ))}
      {trouble && (
        <span class="say" role="alert">
          {trouble}
        </span>
      )}
    </div>
  );
}

function Invitations({ card, invitations }: AdultsProps) {
  const { language } = useReader();
  const { adults: say } = parentWords(language);
  if (invitations.length === 0) return null;
  return (
    <section>
      <h2>{say.invitations}</h2>
      <ul class="lines">
        {invitations.map(({ id, rights, until }) => (
          <li>
            <span>
              {rights.map((right) => say.rights[right]).join("; ")}
              <span class="say">{say.until(until.clock, dateWords(until.date, language))}</span>
            </span>
            <Form action={pathOf(card) + "/invitations/" + id + "/withdraw"}>
              <button class="quiet">{say.cancel}</button>
            </Form>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function InvitedPage({ guardian, card, link }: { guardian: string; card: NamedChild; link: string }) {
  const { adults: say } = parentWords(useReader().language);
  return (
    <ParentSheet title={say.ready} guardian={guardian}>
      <h1>{say.ready}</h1>
      <p class="lead">{say.once}</p>
      <p class="field">
        <label for="link">{say.link}</label>
        <input id="link" value={link} readOnly />
      </p>
      <Qr payload={link} label={say.qr} />
      <p>
        <a href={pathOf(card) + "/adults"}>{say.back}</a>
      </p>
    </ParentSheet>
  );
}

export interface JoinProps {
  /** Who is logged in. */
  readonly guardian: string | null;
  readonly action: string;
  readonly offer: { readonly from: string; readonly child: string; readonly rights: readonly Right[] } | null;
}

export function JoinPage({ guardian, action, offer }: JoinProps) {
  const { join: say, rights } = parentWords(useReader().language).adults;
  const content =
    offer === null ? (
      <Note tone="warning">{say.gone}</Note>
    ) : (
      <>
        <p class="lead">{say.lead(offer.from)}</p>
        <h2>{offer.child}</h2>
        <p>{say.may}</p>
        <ul>
          {offer.rights.map((right) => (
            <li>{rights[right]}</li>
          ))}
        </ul>
        {guardian === null ? (
          <>
            <p>{say.enter}</p>
            <p class="actions">
              <a class="button" href="/login">
                {say.login}
              </a>
              <a href="/register">{say.register}</a>
            </p>
          </>
        ) : (
          <Form action={action}>
            <button class="main">{say.accept}</button>
          </Form>
        )}
      </>
    );
  return (
    <OpenSheet title={say.title} guardian={guardian}>
      <h1>{say.title}</h1>
      {content}
    </OpenSheet>
  );
}
