/** The office as a card desk hears it: the list of cards to be made, and a word about each. */
import { CARD_REFUSALS, type CardRefusal, type CardUid } from "@trapeza/protocol";

export interface Job {
  readonly application: number;
  readonly name: string;
  readonly class: string;
  readonly number: string;
}

export interface Work {
  readonly school: string;
  readonly cards: readonly Job[];
}

export interface OfficeLine {
  work(): Promise<Work>;
  made(job: Job, uid: CardUid): Promise<"made" | "known">;
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

export function openOfficeLine({ url, school, key }: OfficeAddress): OfficeLine {
  const ask = async <T>(what: string, taken: readonly number[], body?: object): Promise<T> => {
    const headers = { authorization: `Bearer ${key}`, ...(body ? { "content-type": "application/json" } : {}) };
    const answer = await fetch(`${url}/card-desk/${school}/${what}`, {
      headers,
      ...(body ? { method: "POST", body: JSON.stringify(body) } : {}),
    }).catch(() => null);
    if (!answer || !taken.includes(answer.status)) throw new OfficeTrouble(answer?.status ?? 0);
    return (await answer.json()) as T;
  };
  return {
    work: () => ask<Work>("work", [200]),
    async made({ application }, uid) {
      return (await ask<{ came: "made" | "known" }>("made", [200, 409], { application, uid })).came;
    },
    async refused({ application }, uid, refusal) {
      await ask("refused", [200], { application, uid, refusal: CARD_REFUSALS[refusal] });
    },
  };
}
