/**
 * Who wants to hear what, and what waits to be told. A row is written in the transaction that learns of the event, one for each guardian and channel; it goes
 * when it was told. A crash between telling and going tells twice: at least once is the promise, and a push replaces its own twin.
 */
import type { Channel, NoticeKind } from "./notice.js";

export interface NoticeWishes {
  readonly mail: readonly NoticeKind[];
  readonly push: readonly NoticeKind[];
  /** A purse below this is low, kopecks. */
  readonly lowKopecks: number;
  /** Nothing but what cannot wait from ten in the evening to seven in the morning. */
  readonly quietNights: boolean;
}

export const USUAL_WISHES: NoticeWishes = {
  mail: ["low", "debt", "refused", "blocked", "code", "announcement"],
  push: ["purchase", "meal", "low", "debt", "topUp", "refused", "blocked", "code", "announcement"],
  lowKopecks: 30000,
  quietNights: true,
};

/** An event that somebody is to be told. */
export interface ToTell {
  readonly account: number;
  readonly index: number;
}

export interface WaitingNotice extends ToTell {
  readonly id: number;
  readonly school: number;
  readonly epoch: number;
}

/** A browser that takes pushes, as it describes itself (W3C Push API). */
export interface PushAddress {
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
}

export interface NoticeStore {
  wishes(phone: string): Promise<NoticeWishes>;
  setWishes(phone: string, wishes: NoticeWishes): Promise<void>;
  addresses(phone: string): Promise<PushAddress[]>;
  /** An endpoint belongs to who was last logged in there. */
  addAddress(phone: string, address: PushAddress): Promise<void>;
  dropAddress(endpoint: string): Promise<void>;
  dropAddresses(phone: string): Promise<void>;
  /** Whom something waits for, and who need not be left in peace at this moment. */
  due(nowMs: number, limit: number): Promise<{ phone: string; channel: Channel }[]>;
  /** Oldest first. */
  waiting(phone: string, channel: Channel, limit: number): Promise<WaitingNotice[]>;
  /** They are told, and this guardian is told nothing more before that moment. */
  told(phone: string, channel: Channel, ids: readonly number[], restUntilMs: number): Promise<void>;
}
