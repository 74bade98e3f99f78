/**
 * What a second adult may do about a child. Rights are given by somebody whose child it is by the school's list or by a proof, never by one who was given
 * them; they hold only as long as the child is the giver's. Whoever proves the child to be theirs needs nobody's gift any more.
 */
import type { ChildLink } from "./child.js";

/** Whole history, purses and notices · topping up by name · ordering and cancelling meals · limits, bans and blocking the card. */
export const RIGHTS = ["see", "pay", "order", "limits"] as const;
export type Right = (typeof RIGHTS)[number];

/** A child as one guardian may deal with it. */
export interface Sight extends ChildLink {
  readonly rights: readonly Right[];
  /** Not given by another guardian. */
  readonly isOwn: boolean;
}

export interface Share {
  /** Who was given the rights, and what they call themselves. */
  readonly phone: string;
  readonly name: string;
  readonly rights: readonly Right[];
}

export interface InvitationRow extends ChildLink {
  readonly tokenHash: string;
  readonly givenBy: string;
  readonly rights: readonly Right[];
  readonly expiresMs: number;
}

export interface ShareStore {
  /** Own children with all rights, and those that others share. */
  sights(phone: string): Promise<Sight[]>;
  /** Second adults of this child whose giver still has it. */
  sharesOf(child: ChildLink): Promise<Share[]>;
  putInvitation(row: InvitationRow): Promise<void>;
  invitation(tokenHash: string): Promise<InvitationRow | null>;
  invitationsOf(child: ChildLink): Promise<InvitationRow[]>;
  dropInvitation(tokenHash: string): Promise<void>;
  /** Uses the invitation up and gives its rights, in one; `false` for whoever comes second. Rights given before are replaced. */
  takeInvitation(tokenHash: string, phone: string): Promise<boolean>;
  setRights(phone: string, child: ChildLink, rights: readonly Right[]): Promise<void>;
  dropShare(phone: string, child: ChildLink): Promise<void>;
  dropOldInvitations(nowMs: number): Promise<void>;
}
