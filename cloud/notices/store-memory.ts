/** The same in memory. */
import type { ContactRow, GuardianRow } from "../people/store.js";
import { CHANNELS } from "./notice.js";
import type { Channel } from "./notice.js";
import { USUAL_WISHES } from "./store.js";
import type { NoticeStore, NoticeWishes, PushAddress, ToTell, WaitingNotice } from "./store.js";

interface People {
  readonly guardiansOf: (child: { school: number; account: number }) => Promise<GuardianRow[]>;
  readonly contact: (phone: string) => Promise<ContactRow | null>;
}

export interface NoticeMemory extends NoticeStore {
  readonly add: (school: number, epoch: number, rows: readonly ToTell[]) => Promise<void>;
}

export function createNoticeMemory(people: People): NoticeMemory {
  const wishes = new Map<string, NoticeWishes>();
  const addresses = new Map<string, PushAddress & { readonly phone: string }>();
  const rests = new Map<string, number>();
  let rows: (WaitingNotice & { readonly phone: string; readonly channel: Channel })[] = [];
  let last = 0;
  const addressesOf = (phone: string) => [...addresses.values()].filter((address) => address.phone === phone);
  const isThere = async (phone: string, channel: Channel) =>
    channel === "push" ? addressesOf(phone).length > 0 : ((await people.contact(phone))?.isConfirmed ?? false);
  return {
    async add(school, epoch, added) {
      for (const row of added)
        for (const { phone } of await people.guardiansOf({ school, account: row.account }))
          for (const channel of CHANNELS)
            if (await isThere(phone, channel)) rows.push({ id: ++last, school, epoch, phone, channel, ...row });
    },
    wishes: async (phone) => wishes.get(phone) ?? USUAL_WISHES,
    setWishes: async (phone, wanted) => void wishes.set(phone, wanted),
    addresses: async (phone) => addressesOf(phone).map(({ endpoint, p256dh, auth }) => ({ endpoint, p256dh, auth })),
    addAddress: async (phone, address) => void addresses.set(address.endpoint, { ...address, phone }),
    dropAddress: async (endpoint) => void addresses.delete(endpoint),
    async dropAddresses(phone) {
      for (const { endpoint } of addressesOf(phone)) addresses.delete(endpoint);
    },
    async due(nowMs, limit) {
      const keys = new Set(rows.map(({ phone, channel }) => phone + "/" + channel));
      const free = [...keys].filter((key) => (rests.get(key) ?? 0) <= nowMs).slice(0, limit);
      return free.map((key) => ({ phone: key.split("/")[0], channel: key.split("/")[1] as Channel }));
    },
    waiting: async (phone, channel, limit) =>
      rows
        .filter((row) => row.phone === phone && row.channel === channel)
        .slice(0, limit)
        .map(({ id, school, epoch, account, index }) => ({ id, school, epoch, account, index })),
    async told(phone, channel, ids, restUntilMs) {
      rows = rows.filter((row) => !ids.includes(row.id));
      rests.set(phone + "/" + channel, restUntilMs);
    },
  };
}
