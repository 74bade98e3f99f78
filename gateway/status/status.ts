/** How the gateway is, for whoever stands before it: counts, sums and times, no names and no cards. */
import type { Up } from "@trapeza/protocol";
import type { CardTroubles } from "../cards.js";
import type { Answered } from "../directives.js";
import type { Claim } from "../claims.js";
import type { DiskTrouble } from "../disk.js";
import type { JournalTrouble } from "../keeper.js";
import type { ProgramStatus } from "../releases/waves.js";

/** What a terminal last said of its devices, and when, Unix ms. */
export type Health = Omit<Extract<Up, { kind: "Status" }>, "kind"> & { readonly atMs: number };

export interface TerminalStatus {
  readonly terminal: number;
  /** Which of its keys is good: it rises when one may be known. */
  readonly enrolment: number;
  readonly kind: "payment" | "settlement" | "information";
  readonly place: string;
  readonly connected: boolean;
  /** Unix ms of the last good frame since the start, or `null`. */
  readonly seenMs: number | null;
  /** As its last Hello said, or "" before one. */
  readonly firmware: string;
  /** `null` until it has said something since the start. */
  readonly health: Health | null;
  /** Of a kiosk: what should lie in its cassette since the last collection; others have none. */
  readonly cashBox: { readonly notes: number; readonly kopecks: number; readonly capacity: number } | null;
}

export interface GatewayStatus {
  readonly language: "ru" | "en";
  readonly school: number;
  /** The school's clock is so far ahead of UTC. */
  readonly zoneMinutes: number;
  readonly epoch: number;
  readonly nowMs: number;
  /** Business date, ISO, or "" before the first day. */
  readonly date: string;
  readonly journal: { readonly size: number; readonly cosigned: number; readonly unsent: number; readonly unsentSinceMs: number | null };
  readonly directives: number;
  readonly terminals: readonly TerminalStatus[];
  /** What the links to the cloud complain of. */
  readonly alarms: readonly string[];
  /** What was found when the journal was read again. */
  readonly trouble?: JournalTrouble | null;
  /** Why not everything may be done on the disk. */
  readonly disk?: DiskTrouble | null;
  /** Terminals that say they have heard of more than the journal holds, and nobody else says so. */
  readonly claims?: readonly Claim[];
  /** How many cards behave as a copy would, today. */
  readonly cards?: CardTroubles;
  /** Another gateway has this one's place; `handedIn`: all that was only here is at the cloud. */
  readonly replaced?: { readonly handedIn: boolean } | null;
  /** Terminals that buffet sales wait for, because this gateway has just taken another's place. */
  readonly waitingFor?: readonly number[];
  /** The last directives since the start, the newest last. */
  readonly lastDirectives?: readonly Answered[];
  /** When the cloud was last heard, or the gateway began, Unix ms; `null` for a school on its own. */
  readonly cloudHeardMs?: number | null;
  /** How new programs get into the terminals. */
  readonly programs?: readonly ProgramStatus[];
}

/** Something that a person must look at. The page has a sentence for each. */
export type Alarm =
  | { readonly kind: "disk"; readonly trouble: Exclude<DiskTrouble, { kind: "doubted" }> }
  | { readonly kind: "journal"; readonly trouble: JournalTrouble }
  | { readonly kind: "replaced"; readonly handedIn: boolean }
  | { readonly kind: "recovering"; readonly terminals: readonly number[] }
  | { readonly kind: "link"; readonly what: string }
  | { readonly kind: "unsent"; readonly count: number; readonly sinceMs: number }
  | { readonly kind: "away"; readonly terminal: TerminalStatus }
  | { readonly kind: "claim"; readonly claim: Claim; readonly waits: boolean }
  | { readonly kind: "cards"; readonly cards: CardTroubles }
  | { readonly kind: "device"; readonly terminal: TerminalStatus; readonly device: "paper" | "reader" | "acceptor"; readonly state: string }
  | { readonly kind: "cashBox"; readonly terminal: TerminalStatus }
  | { readonly kind: "deaf"; readonly sinceMs: number }
  /** By the clock it is another day than the one on which the school sells. */
  | { readonly kind: "day"; readonly date: string }
  | { readonly kind: "wave"; readonly program: ProgramStatus };

/** The internet may be away for a month; after an hour somebody should know. */
const UNSENT_MS = 3600_000;
/** Blocks and limits of families are so old at most before the school is told that they may be. */
const DEAF_MS = 86_400_000;
/** Just past midnight nobody has had time to open the day. */
const OPENING_MS = 120_000;
const DAY_MS = 86_400_000;
/** A cassette this full, in tenths, wants its collector today. */
const FULL_TENTHS = 9;
/** A printer that cannot be asked is as it was bought: the page says so, nobody need come. */
const CALM = new Set(["ok", "none", "unseen"]);

/** Everything that is wrong now, the most urgent first: what stops money, what stops a queue, what can wait. */
export function alarmsOf(status: GatewayStatus): Alarm[] {
  const {
    journal,
    terminals,
    nowMs,
    alarms,
    trouble,
    disk,
    cards,
    claims = [],
    programs = [],
    replaced,
    waitingFor = [],
    cloudHeardMs = null,
  } = status;
  // Nobody need come to a gateway that decides nothing any more, but to hear just that.
  if (replaced) return [{ kind: "replaced", ...replaced }];
  const present = terminals.filter(({ connected, health }) => connected && health !== null);
  const devices = present.flatMap((terminal) =>
    (["acceptor", "paper", "reader"] as const)
      .filter((device) => !CALM.has(terminal.health?.[device] ?? "ok"))
      .map((device): Alarm => ({ kind: "device", terminal, device, state: terminal.health?.[device] ?? "" })),
  );
  const full = terminals.filter(({ cashBox }) => cashBox && cashBox.capacity > 0 && cashBox.notes * 10 >= cashBox.capacity * FULL_TENTHS);
  const since = journal.unsentSinceMs;
  return [
    ...(disk && disk.kind !== "doubted" ? [{ kind: "disk" as const, trouble: disk }] : []),
    ...(disk?.kind === "outrun" ? [] : claims).map((claim): Alarm => ({ kind: "claim", claim, waits: disk?.kind === "doubted" })),
    ...(trouble ? [{ kind: "journal" as const, trouble }] : []),
    ...(isBehind(status) ? [{ kind: "day" as const, date: status.date }] : []),
    ...(waitingFor.length > 0 ? [{ kind: "recovering" as const, terminals: waitingFor }] : []),
    // That the disk holds an old copy is what the links complain of then.
    ...(disk?.kind === "outrun" ? [] : alarms).map((what): Alarm => ({ kind: "link", what })),
    ...devices,
    ...(cards && cards.refusedKey + cards.twoPlaces > 0 ? [{ kind: "cards" as const, cards }] : []),
    ...programs.filter(({ wave }) => wave?.state === "stopped" && wave.trouble).map((program): Alarm => ({ kind: "wave", program })),
    ...full.map((terminal): Alarm => ({ kind: "cashBox", terminal })),
    ...terminals.filter(({ connected }) => !connected).map((terminal): Alarm => ({ kind: "away", terminal })),
    ...(cloudHeardMs !== null && nowMs - cloudHeardMs > DEAF_MS ? [{ kind: "deaf" as const, sinceMs: cloudHeardMs }] : []),
    ...(since !== null && nowMs - since > UNSENT_MS ? [{ kind: "unsent" as const, count: journal.unsent, sinceMs: since }] : []),
  ];
}

/** After days without internet the next day is opened by a supervisor's card (rules: a jump of more than one day); until then all is booked on an old date. */
function isBehind({ date, nowMs, zoneMinutes }: GatewayStatus): boolean {
  const openedMs = Date.parse(date);
  return !Number.isNaN(openedMs) && nowMs - OPENING_MS + zoneMinutes * 60_000 - openedMs >= DAY_MS;
}
