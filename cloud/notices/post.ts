/**
 * Carries what waits to whoever wants it. Several notices to one person become one letter, and then this person is left in peace for some minutes: a school's
 * lunch must not ring a telephone forty times. A push goes past screens of others, so it says a first name and of what kind it is, and nothing more.
 */
import type { Event } from "@trapeza/protocol";
import type { Messenger } from "../people/messenger.js";
import { decodeEvent } from "../school-book.js";
import type { Library } from "../school-book.js";
import type { Store } from "../store/store.js";
import { dateWords, localMoment } from "../web/date-text.js";
import { moneyText } from "../web/money-text.js";
import { isNight } from "./night.js";
import { noticesOf } from "./notice.js";
import type { Channel, Notice } from "./notice.js";
import type { PushAddress, WaitingNotice } from "./store.js";
import { en } from "./words.en.js";
import { ru } from "./words.ru.js";
import type { NoticeWords } from "./words.ru.js";

const MINUTE_MS = 60 * 1000;
const HOUR_MS = 60 * MINUTE_MS;
const REST_MS = { mail: 5 * MINUTE_MS, push: MINUTE_MS };
/** After a failure of the messenger or a push service. */
const RETRY_MS = 2 * MINUTE_MS;
/** What is older is in the history, and no news. */
const NEWS_MS = 24 * HOUR_MS;
const MOST_AT_ONCE = 200;
const PEOPLE_A_TICK = 200;

export interface PushCarrier {
  /** `gone`: this browser takes none any more. Rejects when it has to be tried again. */
  readonly send: (address: PushAddress, payload: string, topic: string) => Promise<"sent" | "gone">;
  /** To be known to browsers before they subscribe. */
  readonly publicKey: string;
  /** Whether pushes may be sent there at all: an address is a stranger's text, and we would call it. */
  readonly accepts: (endpoint: string) => boolean;
}

export interface NoticePost {
  /** Tells what is due. One at a time. */
  readonly tick: () => Promise<void>;
}

export interface NoticePostOptions {
  readonly store: Store;
  readonly library: Library;
  readonly messenger: Messenger;
  readonly push: PushCarrier;
  readonly now: () => number;
  readonly url: () => string;
  readonly onError: (error: Error) => void;
}

/** One notice with its event and the name it is about. */
interface News {
  readonly id: number;
  readonly notice: Notice;
  readonly name: string;
  readonly atMs: number;
  readonly zoneMinutes: number;
}

export function createNoticePost(options: NoticePostOptions): NoticePost {
  return {
    async tick() {
      for (const { phone, channel } of await options.store.notices.due(options.now(), PEOPLE_A_TICK)) await tell(options, phone, channel);
    },
  };
}

/** What a crash leaves between sending and `told` is sent again. */
async function tell(options: NoticePostOptions, phone: string, channel: Channel): Promise<void> {
  const { store, now, onError } = options;
  const rows = await store.notices.waiting(phone, channel, MOST_AT_ONCE);
  const wishes = await store.notices.wishes(phone);
  const news = (await Promise.all(rows.map((row) => newsOf(options, row, wishes.lowKopecks)))).flat();
  const wanted = news.filter(({ notice, atMs }) => wishes[channel].includes(notice.kind) && atMs > now() - NEWS_MS);
  const sleeping = wishes.quietNights ? wanted.filter((one) => !isUrgent(one.notice) && isNight(now(), one.zoneMinutes)) : [];
  const toSend = wanted.filter((one) => !sleeping.includes(one));
  const kept = new Set(sleeping.map(({ id }) => id));
  const done = rows.filter(({ id }) => !kept.has(id)).map(({ id }) => id);
  try {
    if (toSend.length > 0) await (channel === "mail" ? write(options, phone, toSend) : ring(options, phone, toSend));
  } catch (error) {
    onError(error as Error);
    return store.notices.told(phone, channel, [], now() + RETRY_MS);
  }
  const restMs = toSend.length > 0 || sleeping.length > 0 ? REST_MS[channel] : 0;
  await store.notices.told(phone, channel, done, now() + restMs);
}

async function newsOf({ store, library }: NoticePostOptions, row: WaitingNotice, lowKopecks: number): Promise<News[]> {
  const [entry] = await store.entries(row.school, row.epoch, row.index, 1);
  const event: Event | null = entry ? decodeEvent(entry.bytes) : null;
  const { state } = await library.book(row.school);
  const account = state.accounts.get(row.account);
  if (!event || !account) return [];
  const name = account.shortName.split(" ")[0];
  return noticesOf(event, row.account, lowKopecks).map((notice) => ({
    ...{ id: row.id, notice, name, atMs: event.atMs, zoneMinutes: state.policy.zoneMinutes },
  }));
}

/** A blocked card and a password that somebody has printed are told at night, too. */
const isUrgent = ({ kind }: Notice) => kind === "blocked" || kind === "code";

async function write({ store, messenger, url }: NoticePostOptions, phone: string, news: readonly News[]): Promise<void> {
  const contact = await store.people.contact(phone);
  if (!contact?.email || !contact.isConfirmed) return;
  const words = contact.language === "ru" ? ru : en;
  const lines = news.map(({ notice, name, atMs, zoneMinutes }) => {
    const { date, clock } = localMoment(atMs, zoneMinutes);
    return words.line(dateWords(date, contact.language) + ", " + clock, name, textOf(notice, words));
  });
  const text = [words.greeting, ...lines, words.foot(url() + "/notices")].join("\n\n");
  await messenger.send({ kind: "mail", to: contact.email, subject: headline(news, words), text });
}

async function ring({ store, push, url }: NoticePostOptions, phone: string, news: readonly News[]): Promise<void> {
  const language = (await store.people.contact(phone))?.language ?? "ru";
  const words = language === "ru" ? ru : en;
  const { id, notice } = news[0];
  const names = [...new Set(news.map(({ name }) => name))].join(", ");
  const body = news.length === 1 ? words.short[notice.kind] : words.several(news.length);
  const payload = JSON.stringify({ title: names, body, url: url() + "/", tag: "notice-" + id });
  for (const address of await store.notices.addresses(phone))
    if ((await push.send(address, payload, "notice-" + id)) === "gone") await store.notices.dropAddress(address.endpoint);
}

function headline(news: readonly News[], words: NoticeWords): string {
  const names = [...new Set(news.map(({ name }) => name))].join(", ");
  return words.subject(names, news.length === 1 ? words.short[news[0].notice.kind].toLowerCase() : words.several(news.length));
}

function textOf(notice: Notice, words: NoticeWords): string {
  switch (notice.kind) {
    case "purchase":
      return notice.isBack ? words.purchaseBack(moneyText(notice.sum)) : words.purchase(notice.what.join(", "), moneyText(notice.sum));
    case "meal":
      return (notice.isBack ? words.mealBack : words.meal)(notice.what.join(", "), moneyText(notice.sum));
    case "low":
      return words.low(notice.purse, moneyText(notice.left));
    case "debt":
      return words.debt(moneyText(notice.owed));
    case "topUp":
      return words.topUp(moneyText(notice.sum));
    case "refused":
      return words.refused[notice.of](notice.what.join(", "));
    case "blocked":
      return words.blocked(notice.card);
    case "code":
      return words.code;
  }
}
