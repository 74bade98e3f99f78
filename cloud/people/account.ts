/**
 * From a phone number to an account, and back into one whose password is forgotten. Nothing here tells whether a phone or an address is known: what is
 * said to the one who asks is the same, and what differs goes to the phone or the address itself.
 */
import { createAllowance } from "./allowance.js";
import { createChallengeDesk } from "./challenge.js";
import type { ChallengeDesk } from "./challenge.js";
import type { LinkDesk } from "./linking.js";
import type { Messenger } from "./messenger.js";
import { hashPassword, passwordMatches } from "./password.js";
import type { GuardianRow, Identity, PeopleStore } from "./store.js";
import { en } from "./words.en.js";
import { ru } from "./words.ru.js";

const MINUTE_MS = 60 * 1000;
const HOUR_MS = 60 * MINUTE_MS;
const CODE_MS = 15 * MINUTE_MS;
const RESTORE_MS = HOUR_MS;
const CONFIRM_MS = 7 * 24 * HOUR_MS;

type Language = "ru" | "en";

export interface Registration {
  /** As digits. */
  readonly phone: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly language: Language;
}

export type Finished = { readonly kind: "in"; readonly phone: string } | { readonly kind: "wrong" } | { readonly kind: "gone" };

export interface AccountDesk {
  /** Sends a code; resolves to the token that goes with it, `null` when this phone has had too many. */
  readonly register: (registration: Registration) => Promise<string | null>;
  readonly finish: (token: string, code: string) => Promise<Finished>;
  /** Asks an address whether it is the guardian's. */
  readonly askEmail: (phone: string, email: string, language: Language) => Promise<void>;
  /** Whose address it was; `null` when the link is worn out. */
  readonly confirmEmail: (token: string) => Promise<string | null>;
  /** A link by mail to whoever has proved this address. */
  readonly restoreByEmail: (email: string) => Promise<void>;
  /** `false` when the link is worn out. All sessions end. */
  readonly finishRestore: (token: string, password: string) => Promise<boolean>;
  /** With a one-time password from the till of a child that this phone sees. All sessions end. */
  readonly restoreByCode: (phone: string, number: string, code: string, password: string) => Promise<boolean>;
  /** Whether this is the guardian's password; guesses are counted. */
  readonly proves: (guardian: GuardianRow, password: string) => Promise<boolean>;
  /** From now on this identity lets the guardian in, who is told so by letter. `false`: it lets in somebody else. */
  readonly bindIdentity: (phone: string, identity: Identity, provider: string) => Promise<boolean>;
  /** `false`: the old one is another. No identity lets the guardian in any more, as after a comeback. */
  readonly changePassword: (guardian: GuardianRow, old: string, password: string) => Promise<boolean>;
  /** `false`: the password is another. */
  readonly erase: (guardian: GuardianRow, password: string) => Promise<boolean>;
}

export interface AccountOptions {
  readonly store: PeopleStore;
  readonly links: LinkDesk;
  readonly messenger: Messenger;
  readonly now: () => number;
  /** Where the portal is for its readers, "https://meals.example": it stands in letters. */
  readonly url: () => string;
  /** Told of messages that nobody has taken. */
  readonly onError: (error: Error) => void;
  /** What a guardian has elsewhere, and must not outlive the account: whoever has the telephone number next would find it. */
  readonly onErase: (phone: string) => Promise<void>;
}

export function createAccountDesk(options: AccountOptions): AccountDesk {
  const { store, messenger, now, url, onError } = options;
  const lettersTo = createAllowance(3, HOUR_MS, now);
  const post: Post = {
    ...options,
    challenges: createChallengeDesk(store, now),
    mayWrite: (email) => lettersTo.take(email.toLowerCase()),
    // Sent beside the answer: how long a messenger takes does not tell what it was given.
    send: (kind, to, [subject, text]) => void messenger.send({ kind, to, subject, text }).catch(onError),
    async askEmail(phone, email, language) {
      if (!post.mayWrite(email)) return;
      const { token } = await post.challenges.pose("email", { phone, email }, CONFIRM_MS, false);
      post.send("mail", email, wordsFor(language).confirmEmail(url() + "/email/" + token));
    },
  };
  return { askEmail: post.askEmail, ...registrationPart(post), ...restorePart(post), ...passwordPart(post) };
}

/** What all parts of the desk send with. */
interface Post extends AccountOptions {
  readonly challenges: ChallengeDesk;
  /** An address gets a few letters an hour, whoever asks for them. */
  readonly mayWrite: (email: string) => boolean;
  readonly send: (kind: "sms" | "mail", to: string, letter: readonly [subject: string, text: string]) => void;
  readonly askEmail: AccountDesk["askEmail"];
}

const wordsFor = (language: Language) => (language === "ru" ? ru : en);

interface NewAccount extends Registration {
  /** Hashed already. */
  readonly password: string;
}

function registrationPart({ store, now, challenges, send, askEmail }: Post): Pick<AccountDesk, "register" | "finish" | "confirmEmail"> {
  const codesTo = createAllowance(3, HOUR_MS, now);
  return {
    async register({ phone, name, email, password, language }) {
      if (!codesTo.take(phone)) return null;
      const payload: NewAccount = { phone, name, email, language, password: await hashPassword(password) };
      const { token, code } = await challenges.pose("register", payload, CODE_MS, true);
      const isKnown = (await store.guardian(phone)) !== null;
      send("sms", phone, ["", isKnown ? wordsFor(language).knownPhone : wordsFor(language).code(code)]);
      return token;
    },
    async finish(token, code) {
      const proved = await challenges.prove("register", token, code);
      if (proved.kind !== "proved") return proved;
      const { phone, name, password, email, language } = proved.payload as NewAccount;
      // Somebody has registered the phone meanwhile, with a code of their own.
      if (!(await store.addGuardian({ phone, name, password }, { email, isConfirmed: false, language }))) return { kind: "gone" };
      await askEmail(phone, email, language);
      return { kind: "in", phone };
    },
    async confirmEmail(token) {
      const proved = await challenges.prove("email", token);
      if (proved.kind !== "proved") return null;
      const { phone, email } = proved.payload as { phone: string; email: string };
      const contact = await store.contact(phone);
      if (contact?.email !== email) return null;
      await store.setContact(phone, { ...contact, isConfirmed: true });
      return email;
    },
  };
}

function restorePart({
  store,
  links,
  url,
  challenges,
  send,
  mayWrite,
}: Post): Pick<AccountDesk, "restoreByEmail" | "finishRestore" | "restoreByCode"> {
  const setPassword = async (guardian: GuardianRow, password: string) => {
    await store.putGuardian({ ...guardian, password: await hashPassword(password) }, []);
    await store.dropSessions(guardian.phone, null);
    // Whoever knew the password before may have bound an identity of their own.
    await store.dropIdentity(guardian.phone);
    const contact = await store.contact(guardian.phone);
    if (contact?.email && contact.isConfirmed) send("mail", contact.email, wordsFor(contact.language).passwordChanged);
  };
  return {
    async restoreByEmail(email) {
      if (!mayWrite(email)) return;
      for (const { phone } of await store.guardiansWith(email)) {
        const { token } = await challenges.pose("restore", { phone }, RESTORE_MS, false);
        const contact = await store.contact(phone);
        send("mail", contact?.email ?? email, wordsFor(contact?.language ?? "ru").restore(url() + "/restore/" + token));
      }
    },
    async finishRestore(token, password) {
      const proved = await challenges.prove("restore", token);
      if (proved.kind !== "proved") return false;
      const guardian = await store.guardian((proved.payload as { phone: string }).phone);
      if (guardian) await setPassword(guardian, password);
      return guardian !== null;
    },
    async restoreByCode(phone, number, code, password) {
      const guardian = await store.guardian(phone);
      const child = await links.byCode(phone, number, code);
      const isTheirs =
        child !== null && (await store.children(phone)).some((one) => one.school === child.school && one.account === child.account);
      if (!guardian || !isTheirs) return false;
      await setPassword(guardian, password);
      return true;
    },
  };
}

function passwordPart({ store, now, send, onErase }: Post): Pick<AccountDesk, "proves" | "bindIdentity" | "changePassword" | "erase"> {
  const tries = createAllowance(5, 15 * MINUTE_MS, now);
  const isRight = async (guardian: GuardianRow, password: string) => {
    if (!tries.take(guardian.phone)) return false;
    const right = await passwordMatches(password, guardian.password);
    if (right) tries.restore(guardian.phone);
    return right;
  };
  return {
    proves: isRight,
    async bindIdentity(phone, identity, provider) {
      if (!(await store.putIdentity(phone, identity, now()))) return false;
      const contact = await store.contact(phone);
      if (contact?.email && contact.isConfirmed) send("mail", contact.email, wordsFor(contact.language).identityBound(provider));
      return true;
    },
    async changePassword(guardian, old, password) {
      if (!(await isRight(guardian, old))) return false;
      await store.putGuardian({ ...guardian, password: await hashPassword(password) }, []);
      // Often the old one has become known, and whoever knew it may have bound an identity of their own.
      await store.dropIdentity(guardian.phone);
      return true;
    },
    async erase(guardian, password) {
      if (!(await isRight(guardian, password))) return false;
      // Before, so that a crash leaves an account that can be erased again; and after, for what another page has begun meanwhile.
      await onErase(guardian.phone);
      await store.eraseGuardian(guardian.phone);
      await onErase(guardian.phone);
      return true;
    },
  };
}
