/** A card blocked or let go by whoever works here: the operator for the operator, everybody else for the school. */
import type { DirectiveOf } from "@trapeza/protocol";
import { go } from "../route.js";
import type { Answer, Visit } from "../route.js";
import { peopleWords } from "./words.js";

export async function blockCard(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, typed, param } = visit;
  const card = [...(await office.told(school)).school.cards.values()].find(({ uid }) => uid === param("uid"));
  if (!card || String(card.account) !== param("account")) return null;
  const by = actor.role === "operator" ? "operator" : "school";
  const lifts = typed.how === "unblock";
  // Who has not blocked it cannot let it go: the school's gateway would refuse, and say so to nobody.
  if (lifts && !card.blockedBy.includes(by)) return null;
  const { uid, number, holder, account, staff, validThrough } = card;
  const kept = card.state === "issued" ? "issued" : "active";
  const state = lifts ? kept : "blocked";
  const directive: DirectiveOf<"SetCard"> = { kind: "SetCard", uid, number, holder, account, staff, state, by, validThrough };
  await office.change(
    { login: actor.login, school, what: "cards." + (lifts ? "unblock" : "block"), subject: "account " + account },
    async () => ({
      ...{ before: { card: number, blockedBy: card.blockedBy }, after: { card: number, state, by } },
      directives: [directive],
      value: null,
    }),
  );
  return go("/office/" + school + "/people/" + account, peopleWords(visit).blockDone);
}
