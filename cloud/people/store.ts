/** What is remembered of guardians: who they are, whose children they see, where they are logged in, and what they have yet to prove. */

import type { ChildLink } from "./child.js";
import type { ShareStore } from "./shares.js";

export type { ChildLink } from "./child.js";

/** Phone as digits with country code, "79001234567": the guardian's name everywhere in here. */
export interface GuardianRow {
  readonly phone: string;
  readonly name: string;
  /** Output of password.ts. */
  readonly password: string;
}

/** Somebody for whom another one vouches, under the name that this one gave them. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

export interface ContactRow {
  /** As typed; null when none was given. */
  readonly email: string | null;
  /** The address was proved by a letter. */
  readonly isConfirmed: boolean;
  readonly language: "ru" | "en";
}

export interface PortalSession {
  readonly phone: string;
  readonly createdMs: number;
  readonly expiresMs: number;
  /** What the browser called itself. */
  readonly agent: string;
}

/** Something to be proved by whoever holds the token: a code that went to a phone, or a link that went to an address. */
export interface ChallengeRow {
  readonly tokenHash: string;
  readonly kind: "register" | "email" | "restore";
  readonly expiresMs: number;
  /** Hash of token and code; empty where the token alone is the proof. */
  readonly codeHash: string;
  /** What is done when it is proved, as JSON. */
  readonly payload: string;
}

export interface PeopleStore extends ShareStore {
  /** Adds the guardian or replaces name and password; links the children beside those linked before. */
  putGuardian(guardian: GuardianRow, children: readonly ChildLink[]): Promise<void>;
  guardian(phone: string): Promise<GuardianRow | null>;
  /** `false`, and nothing changed, when the phone has an account already. */
  addGuardian(guardian: GuardianRow, contact: ContactRow): Promise<boolean>;
  contact(phone: string): Promise<ContactRow | null>;
  setContact(phone: string, contact: ContactRow): Promise<void>;
  /** Who has proved that this address is theirs. Two may share one. */
  guardiansWith(email: string): Promise<GuardianRow[]>;
  /** Takes the guardian, sessions and links away. The school's own list of phones stays the school's. */
  eraseGuardian(phone: string): Promise<void>;

  /** A guardian's own: linked by a proof or by the school's list, without those unlinked by the guardian. What others share is in {@link ShareStore.sights}. */
  children(phone: string): Promise<ChildLink[]>;
  /** `false`, and nothing changed: the school has ended this link, and only the school brings it back. */
  link(phone: string, child: ChildLink): Promise<boolean>;
  unlink(phone: string, child: ChildLink): Promise<void>;
  /** Registered guardians who see this child, those with whom it is shared included. */
  guardiansOf(child: ChildLink): Promise<GuardianRow[]>;
  /** The phones that a school knows for a child; they replace those before. */
  setSchoolPhones(child: ChildLink, phones: readonly string[]): Promise<void>;
  schoolPhones(child: ChildLink): Promise<string[]>;

  /** Whom this identity lets in. */
  identified(identity: Identity): Promise<string | null>;
  /** In the place of the one before; `false`, and nothing changed, when it lets somebody else in. */
  putIdentity(phone: string, identity: Identity, nowMs: number): Promise<boolean>;
  /** Since when, in Unix ms, an identity lets this guardian in; null when none does. */
  identitySince(phone: string): Promise<number | null>;
  dropIdentity(phone: string): Promise<void>;

  putSession(tokenHash: string, session: PortalSession): Promise<void>;
  session(tokenHash: string): Promise<PortalSession | null>;
  sessions(phone: string): Promise<(PortalSession & { readonly tokenHash: string })[]>;
  dropSession(tokenHash: string): Promise<void>;
  /** All of a guardian's sessions but this one. */
  dropSessions(phone: string, except: string | null): Promise<void>;

  putChallenge(challenge: ChallengeRow, tries: number): Promise<void>;
  /** Uses up one of its tries; null when there is no such challenge, or none is left. */
  tryChallenge(tokenHash: string): Promise<ChallengeRow | null>;
  /** `true` for the one who takes it; a second one comes too late. */
  takeChallenge(tokenHash: string): Promise<boolean>;
  /** Forgets what has run out. */
  dropExpired(nowMs: number): Promise<void>;

  /** A one-time password is used up: `false` when it was so already. */
  useCode(digest: string, nowMs: number): Promise<boolean>;
}
