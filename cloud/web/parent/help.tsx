/** Answers to what families ask most, for everybody; and what a family has written, with the clock of each letter. */
import type { BusinessDate } from "@trapeza/protocol";
import { LETTER_KINDS, LONGEST_LETTER, RECIPIENTS, stateOf } from "../../letters/letter.js";
import type { Letter } from "../../letters/letter.js";
import { dateWords } from "../date-text.js";
import { Area, Choice, Form, Select } from "../form.js";
import type { Filled, Option } from "../form.js";
import { Note } from "../parts.js";
import { useReader } from "../reader-context.js";
import { OpenSheet, ParentSheet } from "./sheet.js";
import { parentWords } from "./words.js";

export interface Contact {
  readonly school: string;
  readonly operator: string;
  readonly phone: string;
}

export function HelpPage({ guardian, contacts }: { guardian: string | null; contacts: readonly Contact[] }) {
  const { help: say, about } = parentWords(useReader().language);
  return (
    <OpenSheet title={say.title} guardian={guardian}>
      <h1>{say.title}</h1>
      <p>
        <a class="button" href="/letters">
          {guardian === null ? say.login : say.write}
        </a>
      </p>
      <section>
        <h2>{say.questions}</h2>
        {say.faq.map(([question, answer]) => (
          <details>
            <summary>{question}</summary>
            <p>{answer}</p>
          </details>
        ))}
      </section>
      <p>
        <a href="/about">{about.link}</a> · <a href="/audit">{say.audit}</a>
      </p>
      {contacts.length > 0 && (
        <section>
          <h2>{say.contacts}</h2>
          {contacts.map(({ school, operator, phone }) => (
            <p>
              {school}
              <span class="say">{operator}</span>
              {phone && (
                <span class="say">
                  {say.phone}: <a href={"tel:" + phone.replace(/[^+0-9]/g, "")}>{phone}</a>
                </span>
              )}
            </p>
          ))}
        </section>
      )}
    </OpenSheet>
  );
}

export interface LettersProps {
  readonly guardian: string;
  readonly letters: readonly (Letter & { readonly today: BusinessDate; readonly answeredOn: BusinessDate | null })[];
  /** Whom a letter may be about. */
  readonly children: readonly Option[];
  readonly form: Filled;
}

export function LettersPage({ guardian, letters, children, form }: LettersProps) {
  const say = parentWords(useReader().language).help;
  return (
    <ParentSheet title={say.letters} guardian={guardian}>
      <h1>{say.write}</h1>
      <p class="lead">{say.writeLead}</p>
      {children.length === 0 ? (
        <p class="empty">{say.noChildren}</p>
      ) : (
        <Form action="/letters" class="door" label={say.write}>
          <Select {...{ form, name: "child", label: say.child, options: children }} />
          <Choice
            {...{ form, name: "kind", label: say.kind, value: "question" }}
            options={LETTER_KINDS.map((value) => ({ value, name: say.kinds[value] }))}
          />
          <Choice
            {...{ form, name: "recipient", label: say.recipient, value: "school" }}
            options={RECIPIENTS.map((value) => ({ value, name: say.recipients[value] }))}
          />
          <Area {...{ form, name: "text", label: say.text, most: LONGEST_LETTER }} />
          <button class="main">{say.send}</button>
        </Form>
      )}
      <section>
        <h2>{say.letters}</h2>
        {letters.length === 0 && <p class="empty">{say.empty}</p>}
        {letters.map((letter) => (
          <OneLetter letter={letter} name={children.find(({ value }) => value === letter.school + "-" + letter.account)?.name ?? ""} />
        ))}
      </section>
    </ParentSheet>
  );
}

function OneLetter({ letter, name }: { letter: LettersProps["letters"][number]; name: string }) {
  const { language } = useReader();
  const say = parentWords(language).help;
  const { kind, recipient, text, answer, dueOn, today, answeredOn } = letter;
  const state = stateOf(letter, today);
  return (
    <article class="sent">
      <p class="faint">{[say.kinds[kind], say.recipients[recipient], name].filter(Boolean).join(" · ")}</p>
      <p class="letter">{text}</p>
      {state !== "answered" && (
        <Note tone={state === "late" ? "warning" : "calm"}>{say[state === "late" ? "late" : "due"](dateWords(dueOn, language))}</Note>
      )}
      {answer && answeredOn !== null && (
        <>
          <Note tone="good">{say.answered(dateWords(answeredOn, language))}</Note>
          <p class="letter">{answer.text}</p>
        </>
      )}
    </article>
  );
}
