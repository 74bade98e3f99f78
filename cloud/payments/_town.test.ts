/** For tests: two schools and a child who moves between them, over the street's banks, with a cloud that may lose its power at any word with its database. */
import type { AccountNumber, Directive, DirectiveOf } from "@trapeza/protocol";
import { CASHIER_CARD, DIRECTIVES, PUPIL, PUPIL_CARD, SCHOOL, TILL, TODAY, createTestGateway, gatewayKey } from "../_gateway.test.js";
import type { TestGateway } from "../_gateway.test.js";
import type { Cloud } from "../cloud.js";
import { createMemoryStore } from "../store/memory.js";
import type { Store } from "../store/store.js";
import { directiveIn } from "../underway.js";
import { sharesOf } from "./order.js";
import type { Order } from "./order.js";
import { openStreet } from "./_street.test.js";
import type { Street } from "./_street.test.js";
import type { PaymentPolicy } from "./quote.js";

export interface Place {
  readonly school: number;
  readonly account: number;
}

export const OTHER = 25;
/** Where the child's account is, one after the other; and another child's, which stays. */
export const HOMES: readonly Place[] = [{ school: SCHOOL, account: PUPIL }, { school: OTHER, account: 3 }]; // prettier-ignore
export const SIBLING: Place = { school: OTHER, account: 9 };
export const CHILD_NUMBER = "0000000018" as AccountNumber;
const SIBLING_NUMBER = "0000000026" as AccountNumber;

const pupil = DIRECTIVES.find(({ kind }) => kind === "SetAccount") as DirectiveOf<"SetAccount">;
const card = DIRECTIVES.find((one) => one.kind === "SetCard" && one.uid === PUPIL_CARD) as DirectiveOf<"SetCard">;

export interface Town extends Pick<Street, "provider" | "sbp" | "clock"> {
  /** Another one after each restart. */
  cloud: Cloud;
  /** The database itself, which never goes away. */
  readonly store: Store;
  readonly gateways: readonly TestGateway[];
  readonly home: () => Place;
  /** Does `work`; after so many words with the database the power fails, before or after the last was heard, and the cloud begins anew. */
  readonly powerFails: (words: number, isHeard: boolean, work: () => Promise<unknown>) => Promise<void>;
  readonly restart: () => Promise<void>;
  /** The gateway applies what it is told, `most` lines of it. */
  readonly listen: (gateway: TestGateway, most?: number) => Promise<void>;
  /** The gateway sends its journal from where it was last answered, `most` entries of it. A lost answer is one it does not remember. */
  readonly send: (gateway: TestGateway, most?: number, isAnswered?: boolean) => Promise<void>;
  /** The child changes schools, if the office would let it. */
  readonly move: () => Promise<void>;
  readonly orders: () => Promise<Order[]>;
}

export async function openTown(policy: Partial<PaymentPolicy>): Promise<Town> {
  const store = createMemoryStore();
  const power = { words: Infinity, isHeard: false };
  const street = await openStreet(policy, wired(store, power), true);
  await street.cloud.registerSchool({ id: OTHER, label: "25" });
  const other = createTestGateway(await street.cloud.registerGateway({ id: "g25", school: OTHER, key: gatewayKey(1) }));
  other.openDay(TODAY);
  const rest = DIRECTIVES.filter((one) => one.kind !== "SetAccount" && !(one.kind === "SetCard" && one.account !== null));
  const stays = { ...pupil, id: SIBLING.account, number: SIBLING_NUMBER };
  await street.cloud.enqueueDirectives(OTHER, [...rest, stays]);
  await street.cloud.enqueueDirectives(SCHOOL, [{ ...pupil, number: CHILD_NUMBER }]);
  const gateways = [street.gateway, other];
  const answered = new Map([
    [street.gateway, street.gateway.entries.length],
    [other, 0],
  ]);
  let moves = 0;
  const { provider, sbp, clock } = street;
  const town: Town = {
    ...{ cloud: street.cloud, store, gateways, provider, sbp, clock },
    home: () => HOMES[moves % 2],
    async powerFails(words, isHeard, work) {
      Object.assign(power, { words, isHeard });
      await work().catch((error: unknown) => {
        if (!(error instanceof PowerCut)) throw error;
      });
      await town.restart();
    },
    async restart() {
      power.words = Infinity;
      town.cloud = await street.restart();
    },
    async listen(gateway, most = Infinity) {
      const { entries } = await town.cloud.directives.page(gateway.row.school, gateway.school.directives);
      gateway.direct(...entries.slice(0, most).map((entry) => directiveIn(entry) as Directive));
    },
    async send(gateway, most = Infinity, isAnswered = true) {
      const from = answered.get(gateway) ?? 0;
      const to = Math.min(from + most, gateway.entries.length);
      const answer = await town.cloud.intake.receive(gateway.row, gateway.upload(from, to));
      // Less than the cloud has already: the gateway is told how much that is.
      const size = answer.kind === "NotStored" && answer.trouble === "ahead" ? answer.size : to;
      if (answer.kind === "NotStored" && answer.trouble !== "ahead") throw new Error(JSON.stringify(answer));
      if (isAnswered) answered.set(gateway, size);
    },
    async move() {
      if (await mayMove(town)) await move(town, HOMES[moves % 2], HOMES[++moves % 2], moves);
    },
    async orders() {
      const places = [...HOMES, SIBLING];
      const found = (await Promise.all(places.map(({ school, account }) => store.payments.ordersFor(school, account, 1000)))).flat();
      return [...new Map(found.map((order) => [order.number, order])).values()].sort((a, b) => a.number - b.number);
    },
  };
  for (const gateway of gateways) {
    await town.listen(gateway);
    gateway.ask(TILL, { kind: "ShiftOpen", uid: CASHIER_CARD, declared: 0 as never });
    await town.send(gateway);
  }
  return town;
}

class PowerCut extends Error {}

/** The store as it is reached over a wire: after so many words nothing comes through any more, and nobody can tell whether the last one did. */
function wired<T extends object>(part: T, power: { words: number; readonly isHeard: boolean }): T {
  return new Proxy(part, {
    get(target, name) {
      const found: unknown = Reflect.get(target, name);
      if (typeof found === "object" && found !== null) return wired(found, power);
      if (typeof found !== "function") return found;
      return async (...given: unknown[]) => {
        const left = power.words--;
        if (left < 0 || (left === 0 && !power.isHeard)) throw new PowerCut();
        const answer: unknown = await Reflect.apply(found, target, given);
        if (left === 0) throw new PowerCut();
        return answer;
      };
    },
  });
}

/** What the office asks before it lets a child move: the account stands open in the books, and no money is on its way to it. */
async function mayMove({ cloud, home }: Town): Promise<boolean> {
  const { school, account } = home();
  if ((await cloud.library.book(school)).state.accounts.get(account)?.status !== "open") return false;
  const awaited = (await cloud.payments.pendingIn(school)).flatMap((order) => sharesOf(order));
  return !awaited.some((share) => share.school === school && share.account === account);
}

async function move({ store, cloud }: Town, from: Place, to: Place, epoch: number): Promise<void> {
  await store.addMove({ ...from, epoch, toSchool: to.school, toAccount: to.account, askedOn: TODAY });
  const arriving = { ...pupil, id: to.account, number: CHILD_NUMBER, status: "arriving" as const };
  await cloud.enqueueDirectives(to.school, [arriving, { ...card, account: to.account }]);
  await cloud.enqueueDirectives(from.school, [{ kind: "MoveOut", account: from.account, toSchool: to.school, epoch }]);
}
