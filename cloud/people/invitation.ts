/** Inviting a second adult: a link that is shown once, opens one child with the chosen rights to whoever takes it first, and wears out. */
import { randomBytes } from "node:crypto";
import { toHex } from "@trapeza/protocol";
import { sha256 } from "../crypto.js";
import type { InvitationRow, Right } from "./shares.js";
import type { ChildLink, PeopleStore } from "./store.js";

const TOKEN_BYTES = 18;
const LASTS_MS = 3 * 24 * 3600 * 1000;
/** Adults and open invitations together. */
const MOST_ADULTS = 6;

export type Accepted = "done" | "gone" | "own";

export interface InvitationDesk {
  /** The link's token; `null` when the child has as many adults as it may have. Whoever calls this has seen that the child is the giver's. */
  readonly invite: (giver: string, child: ChildLink, rights: readonly Right[]) => Promise<string | null>;
  /** `null` when it was taken, withdrawn, worn out, or its giver has the child no more. */
  readonly look: (token: string) => Promise<InvitationRow | null>;
  /** `own`: the child is theirs anyway, and the invitation stays for somebody else. */
  readonly accept: (token: string, phone: string) => Promise<Accepted>;
}

/** An adult in an address, where a telephone number has no business. */
export const adultId = (phone: string) => invitationHash(phone).slice(0, 16);
export const invitationHash = (token: string) => toHex(sha256(Buffer.from(token)));

export function createInvitationDesk(store: PeopleStore, now: () => number): InvitationDesk {
  const owns = async (phone: string, { school, account }: ChildLink) =>
    (await store.children(phone)).some((own) => own.school === school && own.account === account);
  const look: InvitationDesk["look"] = async (token) => {
    const found = await store.invitation(invitationHash(token));
    return found && found.expiresMs > now() && (await owns(found.givenBy, found)) ? found : null;
  };
  return {
    look,
    async invite(givenBy, { school, account }, rights) {
      await store.dropOldInvitations(now());
      const child = { school, account };
      const [shares, invitations] = await Promise.all([store.sharesOf(child), store.invitationsOf(child)]);
      if (shares.length + invitations.length >= MOST_ADULTS) return null;
      const token = randomBytes(TOKEN_BYTES).toString("base64url");
      await store.putInvitation({ tokenHash: invitationHash(token), ...child, givenBy, rights, expiresMs: now() + LASTS_MS });
      return token;
    },
    async accept(token, phone) {
      const found = await look(token);
      if (found === null) return "gone";
      if (await owns(phone, found)) return "own";
      return (await store.takeInvitation(found.tokenHash, phone)) ? "done" : "gone";
    },
  };
}
