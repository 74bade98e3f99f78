/**
 * The office's photographs on their way to this school's tills: a signed list of who may be shown, and a picture for each. The folder is what the last list
 * says: whoever is in it no more is forgotten, at once, and before anybody new is fetched. A gateway that hears nothing shows what it has.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodeWhole, equalBytes, facesBytes, portraitAnswerSchema, portraitListSchema, portraitsToSign, toHex } from "@trapeza/protocol";
import type { PortraitList, VerifierKey } from "@trapeza/protocol";
import { backoffMs } from "./backoff.js";
import { sha256 } from "./cipher.js";
import type { CloudTransport } from "./cloud-client.js";
import type { Log } from "./desk.js";
import { isFileName, OFFICE_FOLDER, portraitFile } from "./portraits.js";
import { verifySignature } from "./signing.js";

export interface PortraitFeedOptions {
  readonly transport: CloudTransport;
  /** Of all portraits; what is fetched lies in a folder within. */
  readonly folder: string;
  /** Of the school's directives, and the key that signs them: they sign the list, too. */
  readonly origin: string;
  readonly key: VerifierKey;
  readonly chance: () => number;
  readonly log: Log;
}

const TIMEOUT_MS = 30_000;
/** A face may wait so long, and so may its going. */
const LOOK_MS = 60_000;
/** A cloud without an office, or one that another gateway serves now. */
const NOBODY_MS = 3600_000;
/** Fetched between two breaths. */
const AT_ONCE = 20;
const LIST = "list";

export class PortraitFeed {
  readonly #folder: string;
  #list: PortraitList | null;
  /** Numbers whose picture is not here yet, or is another one. */
  #missing: string[] = [];
  #failures = 0;

  constructor(private readonly options: PortraitFeedOptions) {
    this.#folder = join(options.folder, OFFICE_FOLDER);
    this.#list = this.#keptList();
    if (!this.#list) return;
    this.#forget(this.#list);
    this.#missing = this.#notHere(this.#list);
  }

  /** Asks for the list, or for some of what it names. `mayKeep`: without room on the disk faces only go. Never rejects. */
  async step(mayKeep = true): Promise<{ readonly waitMs: number }> {
    try {
      const waitMs = this.#missing.length > 0 && mayKeep ? await this.#fetchSome() : await this.#askList(mayKeep);
      this.#failures = 0;
      return { waitMs };
    } catch (error) {
      this.#failures++;
      const what = (error as Error).message;
      if (this.#failures === 1 || this.#failures % 10 === 0) this.options.log.warn({ failures: this.#failures, what }, "no portraits");
      return { waitMs: Math.max(LOOK_MS, backoffMs(this.#failures, this.options.chance())) };
    }
  }

  async #askList(mayKeep: boolean): Promise<number> {
    const seen = this.#list ? toHex(sha256(facesBytes(this.#list))) : "";
    const { status, body } = await this.options.transport("GET", "/portraits?seen=" + seen, null, TIMEOUT_MS);
    if (status === 204) return LOOK_MS;
    if (status === 409) this.#forgetAll();
    if (status === 404 || status === 409) return NOBODY_MS;
    const list = status === 200 ? this.#believed(body) : null;
    if (!list) throw new Error("the cloud answered " + status + (status === 200 ? ", not a list of its own for this school" : ""));
    if (this.#list && list.madeMs < this.#list.madeMs) throw new Error("the list is older than the last one");
    // First: with the new list on the disk the cloud would say that there is nothing new, and what was left here would stay.
    this.#forget(list);
    if (!mayKeep) return LOOK_MS;
    this.#keep(LIST, body);
    this.#list = list;
    this.#missing = this.#notHere(list);
    return this.#missing.length > 0 ? 0 : LOOK_MS;
  }

  async #fetchSome(): Promise<number> {
    const hashes = new Map(this.#list?.faces.map(({ number, hash }) => [number, hash]));
    for (const number of this.#missing.slice(0, AT_ONCE)) {
      // Behind the others, so that one that cannot be had holds nobody else up.
      this.#missing.push(this.#missing.shift() as string);
      const { status, body } = await this.options.transport("GET", "/portraits/" + number, null, TIMEOUT_MS);
      if (status !== 200 && status !== 404) throw new Error("the cloud answered " + status);
      this.#missing.pop();
      const hash = hashes.get(number);
      // Gone, or another one since the list was made: the next list says so.
      if (status === 200 && hash && equalBytes(sha256(body), hash)) this.#keep(number, body);
    }
    return this.#missing.length > 0 ? 0 : LOOK_MS;
  }

  /** `null`: not signed by the cloud for this school, or malformed. */
  #believed(body: Uint8Array): PortraitList | null {
    const answer = decodeWhole(portraitAnswerSchema, body);
    if (!answer.ok) return null;
    const { list: raw, signature } = answer.value;
    if (!verifySignature(this.options.key.publicKey, portraitsToSign(this.options.origin, raw), signature)) return null;
    const list = decodeWhole(portraitListSchema, raw);
    return list.ok && list.value.faces.every(({ number }) => isFileName(number)) ? list.value : null;
  }

  #keptList(): PortraitList | null {
    try {
      return this.#believed(new Uint8Array(readFileSync(this.#pathOf(LIST))));
    } catch {
      return null;
    }
  }

  #notHere({ faces }: PortraitList): string[] {
    return faces.filter(({ number, hash }) => !this.#holds(number, hash)).map(({ number }) => number);
  }

  #holds(number: string, hash: Uint8Array): boolean {
    try {
      return equalBytes(sha256(new Uint8Array(readFileSync(this.#pathOf(number)))), hash);
    } catch {
      return false;
    }
  }

  /** Whoever is not in the list, and whoever has another face in it: a wrong one is worse than none. */
  #forget(list: PortraitList): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const stays = new Set(list.faces.filter(({ number, hash }) => this.#holds(number, hash)).map(({ number }) => this.#nameOf(number)));
    for (const name of readdirSync(this.#folder)) if (name !== LIST && !stays.has(name)) rmSync(join(this.#folder, name), { force: true });
  }

  /** Another gateway serves now: nobody would take a face back from this one. */
  #forgetAll(): void {
    rmSync(this.#folder, { recursive: true, force: true });
    this.#list = null;
    this.#missing = [];
  }

  #nameOf(number: string): string {
    return portraitFile("", number);
  }

  #pathOf(name: string): string {
    return name === LIST ? join(this.#folder, LIST) : portraitFile(this.#folder, name);
  }

  /** Replaced in one step; what a power cut leaves beside it is swept away with the next list. */
  #keep(name: string, body: Uint8Array): void {
    const path = this.#pathOf(name);
    writeFileSync(path + ".new", body, { mode: 0o600 });
    renameSync(path + ".new", path);
  }
}
