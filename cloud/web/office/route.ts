/** What a page of the office is to the door: an address, a right, and an answer. The door asks who it is; a page never does. */
import type { VNode } from "preact";
import type { Office } from "../../office/office.js";
import type { Actor, Permission } from "../../office/roles.js";
import { EMPTY } from "../form.js";
import type { Filled, Typed } from "../form.js";
import type { Reader } from "../reader.js";
import type { FilePart } from "./multipart.js";
import type { OfficeWords } from "./words.ru.js";

export interface Visit {
  readonly office: Office;
  readonly actor: Actor;
  readonly reader: Reader;
  readonly words: OfficeWords;
  /** From the address; 0 where it names none. The actor reaches it. */
  readonly school: number;
  /** A part of the address, or of the query; "" when it is not there. */
  readonly param: (name: string) => string;
  /** The posted form. */
  readonly typed: Typed;
  /** Every value of a field that may be ticked several times. */
  readonly all: (name: string) => string[];
  readonly file: (name: string) => FilePart | null;
  /** Every file of a field that takes many. */
  readonly files: (name: string) => FilePart[];
}

export type Answer =
  | { readonly kind: "page"; readonly node: VNode; readonly status: number }
  /** `saying`: what became of it, said on the next page; a refusal when nothing was changed, unless `done` knows better. */
  | { readonly kind: "go"; readonly to: string; readonly saying?: string; readonly done?: boolean }
  /** What stands in a page and is asked for again while it is looked at. */
  | { readonly kind: "piece"; readonly node: VNode; readonly version: string }
  | { readonly kind: "file"; readonly name: string; readonly type: string; readonly bytes: Uint8Array };

export interface OfficeRoute {
  readonly method: "GET" | "POST";
  /** Begins with /office; `:school` in it is checked against the actor's. */
  readonly path: string;
  readonly permission: Permission;
  /** Bytes of a form with files, where it is more than the usual. */
  readonly most?: number;
  /** `null`: there is no such thing. */
  readonly answer: (visit: Visit) => Promise<Answer | null>;
}

export const show = (node: VNode, status = 200): Answer => ({ kind: "page", node, status });
export const go = (to: string, saying?: string): Answer => ({ kind: "go", to, saying });
/** For what is done without changing anything here: asking somebody else again. */
export const gone = (to: string, saying: string): Answer => ({ kind: "go", to, saying, done: true });

/** The form as it was sent, with what is wrong; fresh when nothing was sent. */
export function filled(visit: Visit, troubles: Typed | null): Filled {
  return troubles === null ? EMPTY : { values: visit.typed, troubles };
}
