/** Routes by which a family asks the school for something: limits, a blocked card, ordered meals. Each becomes a directive; the gateway carries it out. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { kopecks, menuOn } from "@trapeza/protocol";
import type { Dish, School } from "@trapeza/protocol";
import type { Cloud } from "../../cloud.js";
import type { GuardianRow } from "../../people/store.js";
import { recipeBook } from "../../recipe.js";
import { bansOf } from "../../reports/diet-reports.js";
import { EMPTY, allIn, typedIn } from "../form.js";
import type { Filled } from "../form.js";
import { sendPage } from "../layout.js";
import { childCard } from "./child-card.js";
import { pathOf } from "./child-head.js";
import type { NamedChild } from "./child-head.js";
import { LimitsPage } from "./limits.js";
import { MenuPage } from "./menu.js";
import { childOf, forGuardian } from "./pages.js";
import type { Needs, Pages } from "./pages.js";
import { parseAmount } from "./typed.js";
import { cardOrder, plannedMeals, todayOf, wishesOf } from "./wishes.js";
import type { Wishes } from "./wishes.js";
import { parentWords } from "./words.js";

const DAYS_AHEAD = 14;
/** So many bans fit into a directive. */
const MOST_DISHES = 200;
const MOST_ALLERGENS = 40;

interface Asked {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly guardian: GuardianRow;
  readonly card: NamedChild;
  readonly state: School;
  readonly wishes: Wishes;
}

export function serveCare(pages: Pages): void {
  serveLimits(pages);
  serveCards(pages);
  serveMenu(pages);
}

/** Runs `answer` for a child about which whoever asks may do this; to everybody else the child does not exist. */
function forChild(pages: Pages, needs: Needs, answer: (asked: Asked) => Promise<unknown>) {
  return forGuardian(pages, async (request, reply, guardian) => {
    const link = await childOf(pages, request, guardian, needs);
    const card = link && (await childCard(pages.cloud, link));
    const wishes = link && (await wishesOf(pages.cloud, link));
    if (!card || card.kind === "waiting" || !wishes) return reply.callNotFound();
    const { state } = await pages.cloud.library.book(card.school);
    return answer({ request, reply, guardian, card, state, wishes });
  });
}

function serveLimits(pages: Pages): void {
  const { app, cloud, readers } = pages;
  const show = async ({ request, reply, guardian, card, state, wishes }: Asked, form: Filled) => {
    const dishes = menuOn(state, todayOf(state, cloud.now()));
    const known = await allergensIn(cloud, card.school, dishes);
    const allergens = [...new Set([...known, ...wishes.limits.bannedAllergens])].sort();
    const props = { guardian: guardian.name, card, wishes, dishes, allergens, form, hasOffice: pages.office !== null };
    return sendPage(reply, readers.of(request, reply), <LimitsPage {...props} />);
  };
  app.get(
    "/children/:school/:account/limits",
    forChild(pages, ["limits"], async (asked) => show(asked, EMPTY)),
  );
  app.post(
    "/children/:school/:account/limits",
    forChild(pages, ["limits"], async (asked) => {
      const { request, reply, card, state, wishes } = asked;
      const say = parentWords(readers.of(request, reply).language).care.limits;
      const { dailyLimit: typed = "", stopList } = typedIn(request.body);
      const dailyLimit = typed.trim() === "" ? null : parseAmount(typed);
      if (typed.trim() !== "" && dailyLimit === null) {
        asked.reply.code(400);
        return show(asked, { values: { dailyLimit: typed }, troubles: { dailyLimit: say.badLimit } });
      }
      // Only what the school knows, or what was chosen before: nothing that somebody has made up lands in the school's state.
      const known = [...state.dishes.values()].flat();
      const dishes = new Set([...known.map(({ code }) => code), ...wishes.limits.bannedDishes]);
      const allergens = new Set([...(await allergensIn(cloud, card.school, known)), ...wishes.limits.bannedAllergens]);
      const chosenDishes = [...new Set(allIn(request.body, "dish").map(Number))].filter((code) => dishes.has(code));
      const chosenAllergens = [...new Set(allIn(request.body, "allergen"))].filter((name) => allergens.has(name));
      await cloud.enqueueDirectives(card.school, [
        {
          ...{ kind: "SetLimits", account: card.account, stopList: stopList === "1" },
          dailyLimit: dailyLimit === null ? null : kopecks(dailyLimit),
          bannedDishes: chosenDishes.slice(0, MOST_DISHES),
          bannedAllergens: chosenAllergens.slice(0, MOST_ALLERGENS),
        },
      ]);
      readers.say(reply, say.saved, true);
      return reply.redirect(pathOf(card) + "/limits", 303);
    }),
  );
}

/** Of what the buffet sells and of what the office has written of any dish. */
async function allergensIn(cloud: Cloud, school: number, dishes: readonly Dish[]): Promise<string[]> {
  return [...dishes, ...(await cloud.store.recipes(school))].flatMap(({ allergens }) => allergens);
}

function serveCards(pages: Pages): void {
  const { app, cloud, readers } = pages;
  for (const [deed, block] of [
    ["block", true],
    ["unblock", false],
  ] as const)
    app.post(
      "/children/:school/:account/cards/:uid/" + deed,
      forChild(pages, ["limits"], async ({ request, reply, card, state }) => {
        const order = cardOrder(state, card.account, (request.params as { uid: string }).uid, block);
        if (order === null) return reply.callNotFound();
        await cloud.enqueueDirectives(card.school, [order]);
        const say = parentWords(readers.of(request, reply).language).care.card;
        readers.say(reply, block ? say.blocked : say.unblocked, true);
        return reply.redirect(pathOf(card) + "/limits", 303);
      }),
    );
}

function serveMenu(pages: Pages): void {
  const { app, cloud, readers } = pages;
  app.get(
    "/children/:school/:account/menu",
    forChild(pages, ["see", "order"], async ({ request, reply, guardian, card, state, wishes }) => {
      const meals = await plannedMeals(cloud, card, DAYS_AHEAD);
      const groups = byGroup(state, menuOn(state, todayOf(state, cloud.now())));
      const recipeOf = recipeBook(await cloud.store.recipes(card.school));
      const { limits } = wishes;
      const props = {
        guardian: guardian.name,
        card,
        meals,
        groups,
        recipeOf,
        limits,
        bans: bansOf(state, limits, todayOf(state, cloud.now())),
      };
      return sendPage(reply, readers.of(request, reply), <MenuPage {...props} />);
    }),
  );
  app.post(
    "/children/:school/:account/orders",
    forChild(pages, ["order"], async ({ request, reply, card }) => {
      const say = parentWords(readers.of(request, reply).language).care.menu;
      const { meal = "", date = "", cancel = "" } = typedIn(request.body);
      const asked = (await plannedMeals(cloud, card, DAYS_AHEAD)).find((one) => String(one.meal) === meal && String(one.date) === date);
      if (!asked) return reply.callNotFound();
      if (!asked.until.open || asked.mark === "served") readers.say(reply, say.tooLate, false);
      else {
        const order = { kind: "OrderMeal", account: card.account, meal: asked.meal, date: asked.date, cancel: cancel === "1" } as const;
        await cloud.enqueueDirectives(card.school, [order]);
        readers.say(reply, order.cancel ? say.cancelledNow : say.orderedNow, true);
      }
      return reply.redirect(pathOf(card) + "/menu", 303);
    }),
  );
}

function byGroup(state: School, dishes: readonly Dish[]): { name: string; dishes: Dish[] }[] {
  const groups = new Map<number, Dish[]>();
  for (const dish of dishes) groups.set(dish.group, [...(groups.get(dish.group) ?? []), dish]);
  return [...groups].map(([group, list]) => ({ name: state.groups.get(group)?.name ?? "", dishes: list }));
}
