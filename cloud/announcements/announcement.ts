/** What a school writes to its families. For which children it is, is settled when it is sent: whoever comes to a class later has not been written to. */
import type { Channel } from "../notices/notice.js";

export const LONGEST_TITLE = 100;
export const LONGEST_TEXT = 2000;

/** One family, one class, or everybody who learns in the school. */
export type Audience =
  { readonly kind: "family"; readonly account: number } | { readonly kind: "class"; readonly class: number } | { readonly kind: "school" };

export interface Announcement {
  readonly id: number;
  readonly school: number;
  readonly to: Audience;
  readonly title: string;
  readonly text: string;
  readonly sentMs: number;
  /** Login of who has written it. */
  readonly sentBy: string;
  readonly withdrawnMs: number | null;
}

/** As a guardian gets it. `accounts`: of the children that it is about and this guardian sees. */
export interface Received {
  readonly id: number;
  readonly school: number;
  readonly title: string;
  readonly text: string;
  readonly sentMs: number;
  readonly readMs: number | null;
  readonly accounts: readonly number[];
}

/** Somebody who is to be told, by one channel. */
export interface AnnouncementPost {
  readonly announcement: number;
  readonly phone: string;
  readonly channel: Channel;
  readonly sentMs: number;
}

export interface AnnouncementStore {
  /** What this guardian has been written, the newest first, without what was withdrawn. */
  received(phone: string): Promise<Received[]>;
  /** The first time counts. */
  read(id: number, phone: string, nowMs: number): Promise<void>;
  /** Whom something waits for that has its time, the oldest first. */
  posts(nowMs: number, limit: number): Promise<AnnouncementPost[]>;
  told(post: AnnouncementPost): Promise<void>;
  later(post: AnnouncementPost, dueMs: number): Promise<void>;
}
