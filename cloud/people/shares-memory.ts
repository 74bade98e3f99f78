/** The same in memory. */
import { RIGHTS } from "./shares.js";
import type { InvitationRow, Right, ShareStore } from "./shares.js";
import type { ChildLink, GuardianRow } from "./store.js";

interface Given extends ChildLink {
  readonly phone: string;
  readonly givenBy: string;
  readonly rights: readonly Right[];
}

export interface ShareMemory extends ShareStore {
  /** Takes away what an erased guardian was given, has given and has offered. */
  readonly forget: (phone: string) => void;
}

const isSame = (a: ChildLink, b: ChildLink) => a.school === b.school && a.account === b.account;

export function createShareMemory(
  ownOf: (phone: string) => readonly ChildLink[],
  guardian: (phone: string) => GuardianRow | undefined,
): ShareMemory {
  let given: Given[] = [];
  let invitations: InvitationRow[] = [];
  const owns = (phone: string, child: ChildLink) => ownOf(phone).some((one) => isSame(one, child));
  const living = () => given.filter((one) => owns(one.givenBy, one) && !owns(one.phone, one));
  const without = (phone: string, child: ChildLink) => given.filter((one) => one.phone !== phone || !isSame(one, child));
  return {
    async sights(phone) {
      const own = ownOf(phone).map((child) => ({ ...child, rights: RIGHTS, isOwn: true }));
      const shared = living().filter((one) => one.phone === phone);
      const others = shared.map(({ school, account, rights }) => ({ school, account, rights, isOwn: false }));
      return [...own, ...others].sort((a, b) => a.school - b.school || a.account - b.account);
    },
    sharesOf: async (child) =>
      living()
        .filter((one) => isSame(one, child))
        .map(({ phone, rights }) => ({ phone, rights, name: guardian(phone)?.name ?? "" }))
        .sort((a, b) => a.phone.localeCompare(b.phone)),
    putInvitation: async (row) => void invitations.push(row),
    invitation: async (tokenHash) => invitations.find((one) => one.tokenHash === tokenHash) ?? null,
    invitationsOf: async (child) => invitations.filter((one) => isSame(one, child)),
    async dropInvitation(tokenHash) {
      invitations = invitations.filter((one) => one.tokenHash !== tokenHash);
    },
    async takeInvitation(tokenHash, phone) {
      const taken = invitations.find((one) => one.tokenHash === tokenHash);
      if (!taken) return false;
      const { school, account, givenBy, rights } = taken;
      invitations = invitations.filter((one) => one !== taken);
      given = [...without(phone, taken), { phone, school, account, givenBy, rights }];
      return true;
    },
    async setRights(phone, child, rights) {
      given = given.map((one) => (one.phone === phone && isSame(one, child) ? { ...one, rights } : one));
    },
    async dropShare(phone, child) {
      given = without(phone, child);
    },
    async dropOldInvitations(nowMs) {
      invitations = invitations.filter(({ expiresMs }) => expiresMs > nowMs);
    },
    forget(phone) {
      given = given.filter((one) => one.phone !== phone && one.givenBy !== phone);
      invitations = invitations.filter(({ givenBy }) => givenBy !== phone);
    },
  };
}
