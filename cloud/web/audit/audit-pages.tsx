/** What anybody may see of schools' journals: signatures, keys and how to check them. Never an entry, a name or a sum. */
import { formatVerifierKey, toBase64, toHex } from "@trapeza/protocol";
import type { VerifierKey } from "@trapeza/protocol";
import { sha256 } from "../../crypto.js";
import { Sheet } from "../layout.js";
import { Findings } from "../parts.js";
import { AUDIT_PATH } from "../proof-assets.js";
import { useReader } from "../reader-context.js";
import { en } from "./words.en.js";
import { ru } from "./words.ru.js";
import type { AuditWords } from "./words.ru.js";

export interface SchoolSeen {
  readonly id: number;
  readonly label: string;
  /** Of the journal that is written now. */
  readonly entries: number;
}

export interface JournalSeen {
  readonly path: string;
  readonly epoch: number;
  readonly log: VerifierKey;
  readonly witness: VerifierKey;
  /** The newest note, cosigned; null when there is none yet. */
  readonly note: string | null;
  /** Newest first, without the newest. */
  readonly before: readonly { readonly size: number; readonly root: Uint8Array }[];
}

const TONES = { good: "good", grown: "good", bad: "warning", old: "calm", away: "calm" } as const;
const grouped = (size: number) => String(size).replace(/\B(?=(\d{3})+$)/g, "\u00a0");

function useWords(): AuditWords {
  return useReader().language === "ru" ? ru : en;
}

export function SchoolsPage({ schools }: { schools: readonly SchoolSeen[] }) {
  const say = useWords();
  return (
    <Sheet title={say.title}>
      <h1>{say.title}</h1>
      <p class="lead">{say.lead}</p>
      <p class="faint">{say.noPersonal}</p>
      {schools.length === 0 && <p class="empty">{say.empty}</p>}
      <ul class="lines">
        {schools.map(({ id, label, entries }) => (
          <li>
            <a href={"/audit/" + id}>{say.school + " №" + label}</a>
            <span class="faint">{say.entries(grouped(entries))}</span>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}

export function SchoolPage({ label, journals }: { label: string; journals: readonly JournalSeen[] }) {
  const say = useWords();
  const title = say.school + " №" + label;
  return (
    <Sheet title={title}>
      <h1>{title}</h1>
      <p class="lead">{say.lead}</p>
      <p class="faint">{[say.noPersonal, journals.length > 1 && say.journalSay].filter(Boolean).join(" ")}</p>
      {journals.map((journal) => (
        <Journal {...journal} />
      ))}
      <p>
        <a href="/audit">{say.back}</a>
      </p>
      <script src={AUDIT_PATH} type="module"></script>
    </Sheet>
  );
}

function Journal({ path, epoch, log, witness, note, before }: JournalSeen) {
  const say = useWords();
  if (note === null)
    return (
      <section>
        <h2>{say.journal(epoch)}</h2>
        <p class="empty">{say.nothing}</p>
      </section>
    );
  return (
    <section>
      <h2>{say.journal(epoch)}</h2>
      <Check path={path} log={log} witness={witness} />
      <h3>{say.note}</h3>
      <pre class="note-text" tabIndex={0} aria-label={say.note}>
        {note}
      </pre>
      <p>
        <a href={path + "/checkpoint"}>{say.raw}</a>
      </p>
      <h3>{say.keys}</h3>
      <Key name={say.schoolKey} value={log} />
      <Key name={say.ourKey} value={witness} />
      <p class="faint">{say.keySay}</p>
      {before.length > 0 && <Before path={path} before={before} />}
      <h3>{say.byHand}</h3>
      <p>{say.byHandSay}</p>
      <dl class="calls">
        {(
          [
            ["/checkpoint", say.newest],
            ["/checkpoint?size=1000", say.atSize],
            ["/consistency?from=1000", say.growth],
          ] as const
        ).map(([call, what]) => (
          <div>
            <dt>
              <code>{path + call}</code>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Check({ path, log, witness }: Pick<JournalSeen, "path" | "log" | "witness">) {
  const say = useWords();
  const keyText = (key: VerifierKey) => JSON.stringify({ ...key, publicKey: toHex(key.publicKey) });
  return (
    <div data-audit={path + "/consistency"} data-log={keyText(log)} data-witness={keyText(witness)} role="status">
      <Findings tones={TONES} say={say} />
    </div>
  );
}

function Key({ name, value }: { name: string; value: VerifierKey }) {
  const say = useWords();
  const print = toHex(sha256(value.publicKey)).replace(/(.{4})(?=.)/g, "$1 ");
  return (
    <p class="key-line">
      <b>{name}</b> <code>{formatVerifierKey(value)}</code>
      <span class="say">
        {say.print}: <code>{print}</code>
      </span>
    </p>
  );
}

function Before({ path, before }: Pick<JournalSeen, "path" | "before">) {
  const say = useWords();
  return (
    <>
      <h3>{say.before}</h3>
      <ul class="lines roots">
        {before.map(({ size, root }) => (
          <li>
            <span>
              <a href={path + "/checkpoint?size=" + size}>{say.size + " " + grouped(size)}</a>
              <span class="say">
                {say.root}: <code>{toBase64(root)}</code>
              </span>
            </span>
            <a href={path + "/consistency?from=" + size} aria-label={say.proofOf(grouped(size))}>
              {say.proof}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
