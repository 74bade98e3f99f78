/** The office as a card desk hears it: the batch that a page has begun for it, and a word about each card. */
import { CARD_REFUSALS, type CardRefusal, type CardUid } from "@trapeza/protocol";

export interface Job {
  readonly application: number;
  readonly name: string;
  readonly class: string;
  readonly number: string;
}

export type Chip = "mifare" | "ntag";

export interface Batch {
  readonly id: number;
  readonly chip: Chip;
  /** Cards that it began with; `cards` are left. */
  readonly of: number;
  readonly cards: readonly Job[];
}

export interface Work {
  readonly school: string;
  /** `null`: nothing is to be made now. */
  readonly batch: Batch | null;
}

/** asked: a person has been told whose card is next; laid: a blank lies there; written: and is being read back. */
export type Step = "asked" | "laid" | "written";

export interface OfficeLine {
  work(): Promise<Work>;
  /** `"stopped"`: nothing is to be written any more. `uid` "" while no card lies there. */
  step(batch: Batch, job: Job, step: Step, uid: CardUid | ""): Promise<"go" | "stopped">;
  /** `"stopped"`: nobody waits for this card any more, because another was made at another desk. */
  made(job: Job, uid: CardUid): Promise<"made" | "known" | "stopped">;
  /** `uid` "" for what has none. */
  refused(job: Job, uid: CardUid | "", refusal: CardRefusal): Promise<void>;
}

export interface OfficeAddress {
  /** "https://meals.example" */
  readonly url: string;
  readonly school: number;
  readonly key: string;
}

/** The office cannot be reached, or does not know this desk. `status` 0: no answer. */
export class OfficeTrouble extends Error {
  constructor(readonly status: number) {
    super("office: " + status);
  }
}

/** An answer that takes longer is none: a person stands at the desk with a card. */
const PATIENCE_MS = 10_000;

export function openOfficeLine({ url, school, key }: OfficeAddress, patienceMs = PATIENCE_MS): OfficeLine {
  const ask = async <T>(what: string, taken: readonly number[], body?: object): Promise<T> => {
    const headers = { authorization: `Bearer ${key}`, ...(body ? { "content-type": "application/json" } : {}) };
    const answer = await fetch(`${url}/card-desk/${school}/${what}`, {
      headers,
      signal: AbortSignal.timeout(patienceMs),
      ...(body ? { method: "POST", body: JSON.stringify(body) } : {}),
    }).catch(() => null);
    if (!answer || !taken.includes(answer.status)) throw new OfficeTrouble(answer?.status ?? 0);
    const said = await answer.json().catch(() => null);
    if (said === null) throw new OfficeTrouble(0);
    return said as T;
  };
  return {
    work: () => ask<Work>("work", [200]),
    async step({ id }, { application }, step, uid) {
      return (await ask<{ came: "go" | "stopped" }>("step", [200, 409], { batch: id, application, step, uid })).came;
    },
    async made({ application }, uid) {
      return (await ask<{ came: "made" | "known" | "stopped" }>("made", [200, 409], { application, uid })).came;
    },
    async refused({ application }, uid, refusal) {
      await ask("refused", [200], { application, uid, refusal: CARD_REFUSALS[refusal] });
    },
  };
}
