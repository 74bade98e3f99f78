/** The same in memory, for the simulation and for tests. */
import { createShareMemory } from "./shares-memory.js";
import type { ShareMemory } from "./shares-memory.js";
import type { ChallengeRow, ChildLink, ContactRow, GuardianRow, Identity, PeopleStore, PortalSession } from "./store.js";

const keyOf = ({ school, account }: ChildLink) => school + "/" + account;
const NO_CONTACT: ContactRow = { email: null, isConfirmed: false, language: "ru" };

interface Memory {
  readonly guardians: Map<string, { row: GuardianRow; contact: ContactRow; links: Links }>;
  readonly phones: Map<string, { child: ChildLink; phones: readonly string[] }>;
  readonly sessions: Map<string, PortalSession>;
  readonly shares: ShareMemory;
  /** By their phones. */
  readonly identities: Map<string, { identity: Identity; sinceMs: number }>;
}

/** By {@link keyOf}. */
type Links = Map<string, { link: ChildLink; hidden: boolean }>;

export function createPeopleMemory(): PeopleStore {
  const lists: Omit<Memory, "shares"> = { guardians: new Map(), phones: new Map(), sessions: new Map(), identities: new Map() };
  const ownOf = (phone: string) => childrenIn(lists, phone);
  const memory: Memory = { ...lists, shares: createShareMemory(ownOf, (phone) => lists.guardians.get(phone)?.row) };
  const { forget: _, ...shares } = memory.shares;
  return {
    ...shares,
    ...guardianPart(memory),
    ...childPart(memory),
    ...identityPart(memory),
    ...sessionPart(memory),
    ...proofPart(memory),
  };
}

type GuardianPart = Pick<
  PeopleStore,
  "putGuardian" | "guardian" | "addGuardian" | "contact" | "setContact" | "guardiansWith" | "eraseGuardian"
>;

function guardianPart({ guardians, sessions, shares, identities }: Memory): GuardianPart {
  return {
    async putGuardian(row, children) {
      const { contact, links } = guardians.get(row.phone) ?? { contact: NO_CONTACT, links: new Map() as Links };
      guardians.set(row.phone, { row, contact, links });
      for (const link of children) if (!links.has(keyOf(link))) links.set(keyOf(link), { link, hidden: false });
    },
    guardian: async (phone) => guardians.get(phone)?.row ?? null,
    async addGuardian(row, contact) {
      if (guardians.has(row.phone)) return false;
      guardians.set(row.phone, { row, contact, links: new Map() });
      return true;
    },
    contact: async (phone) => guardians.get(phone)?.contact ?? null,
    async setContact(phone, contact) {
      const found = guardians.get(phone);
      if (found) guardians.set(phone, { ...found, contact });
    },
    guardiansWith: async (email) =>
      [...guardians.values()]
        .filter(({ contact }) => contact.isConfirmed && contact.email?.toLowerCase() === email.toLowerCase())
        .map(({ row }) => row),
    async eraseGuardian(phone) {
      guardians.delete(phone);
      identities.delete(phone);
      shares.forget(phone);
      for (const [hash, session] of sessions) if (session.phone === phone) sessions.delete(hash);
    },
  };
}

type ChildPart = Pick<PeopleStore, "children" | "link" | "unlink" | "guardiansOf" | "setSchoolPhones" | "schoolPhones">;

/** A guardian's own children. */
function childrenIn({ guardians, phones }: Pick<Memory, "guardians" | "phones">, phone: string): ChildLink[] {
  const links: Links = guardians.get(phone)?.links ?? new Map();
  const own = [...links.values()].filter(({ hidden }) => !hidden).map(({ link }) => link);
  const listed = [...phones.values()].filter((one) => one.phones.includes(phone)).map(({ child }) => child);
  return [...own, ...listed.filter((child) => !links.has(keyOf(child)))].sort((a, b) => a.school - b.school || a.account - b.account);
}

function childPart({ guardians, phones, shares }: Memory): ChildPart {
  const setLink = (phone: string, link: ChildLink, hidden: boolean) => void guardians.get(phone)?.links.set(keyOf(link), { link, hidden });
  return {
    children: async (phone) => childrenIn({ guardians, phones }, phone),
    async link(phone, child) {
      setLink(phone, child, false);
      return true;
    },
    unlink: async (phone, child) => setLink(phone, child, true),
    async guardiansOf(child) {
      const seeing = (await shares.sharesOf(child)).filter(({ rights }) => rights.includes("see")).map(({ phone }) => phone);
      const isTheirs = (phone: string) => childrenIn({ guardians, phones }, phone).some((one) => keyOf(one) === keyOf(child));
      return [...guardians.values()].map(({ row }) => row).filter(({ phone }) => isTheirs(phone) || seeing.includes(phone));
    },
    async setSchoolPhones(child, list) {
      phones.set(keyOf(child), { child, phones: [...list] });
    },
    schoolPhones: async (child) => [...(phones.get(keyOf(child))?.phones ?? [])].sort(),
  };
}

function identityPart({ identities }: Memory): Pick<PeopleStore, "identified" | "putIdentity" | "identitySince" | "dropIdentity"> {
  const identified = ({ issuer, subject }: Identity) =>
    [...identities].find(([, { identity }]) => identity.issuer === issuer && identity.subject === subject)?.[0] ?? null;
  return {
    identified: async (identity) => identified(identity),
    async putIdentity(phone, identity, sinceMs) {
      if ((identified(identity) ?? phone) !== phone) return false;
      identities.set(phone, { identity, sinceMs });
      return true;
    },
    identitySince: async (phone) => identities.get(phone)?.sinceMs ?? null,
    async dropIdentity(phone) {
      identities.delete(phone);
    },
  };
}

type SessionPart = Pick<PeopleStore, "putSession" | "session" | "sessions" | "dropSession" | "dropSessions">;

function sessionPart({ sessions }: Memory): SessionPart {
  return {
    async putSession(tokenHash, session) {
      sessions.set(tokenHash, session);
    },
    session: async (tokenHash) => sessions.get(tokenHash) ?? null,
    sessions: async (phone) =>
      [...sessions]
        .filter(([, session]) => session.phone === phone)
        .map(([tokenHash, session]) => ({ tokenHash, ...session }))
        .sort((a, b) => b.createdMs - a.createdMs),
    async dropSession(tokenHash) {
      sessions.delete(tokenHash);
    },
    async dropSessions(phone, except) {
      for (const [hash, session] of sessions) if (session.phone === phone && hash !== except) sessions.delete(hash);
    },
  };
}

type ProofPart = Pick<PeopleStore, "putChallenge" | "tryChallenge" | "takeChallenge" | "dropExpired" | "useCode">;

function proofPart({ sessions }: Memory): ProofPart {
  const challenges = new Map<string, { row: ChallengeRow; tries: number }>();
  const codes = new Set<string>();
  return {
    async putChallenge(row, tries) {
      challenges.set(row.tokenHash, { row, tries });
    },
    async tryChallenge(tokenHash) {
      const found = challenges.get(tokenHash);
      if (!found || found.tries === 0) return null;
      found.tries--;
      return found.row;
    },
    takeChallenge: async (tokenHash) => challenges.delete(tokenHash),
    async dropExpired(nowMs) {
      for (const [hash, { row }] of challenges) if (row.expiresMs <= nowMs) challenges.delete(hash);
      for (const [hash, { expiresMs }] of sessions) if (expiresMs <= nowMs) sessions.delete(hash);
    },
    async useCode(digest) {
      const isNew = !codes.has(digest);
      codes.add(digest);
      return isNew;
    },
  };
}
