/** Papers and files about outgoing money: acts, claims, payment orders for the bank, slips with a payment code. */
import { PDF_TYPE } from "../../../documents/paper.js";
import { programs } from "../../../office/menu/menu-desk.js";
import { formatExchange } from "../../../settlement/exchange.js";
import { actPaper, claimPaper, codePaper } from "../../../settlement/papers.js";
import { COLLECTOR, parties } from "../../../settlement/party.js";
import { claims, daysOf, payouts, settledDecades } from "../../../settlement/payout-desk.js";
import { localMoment } from "../../date-text.js";
import { dayIn } from "../menu/typed.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";

const paper = (name: string, bytes: Uint8Array): Answer => ({ kind: "file", name: name + ".pdf", type: PDF_TYPE, bytes });

async function actFile({ office, school, param }: Visit): Promise<Answer | null> {
  const settled = (await settledDecades(office, school)).find(
    (one) => String(one.caterer) === param("caterer") && one.first === dayIn(param("first")),
  );
  const payout = settled && (await payouts(office, school)).find(({ id }) => id === settled.payout);
  if (!settled || !payout) return null;
  const told = (await office.told(school)).school;
  const collector = (await parties(office, school)).get(COLLECTOR)?.name ?? told.policy.operator;
  const days = await daysOf(office, school, settled);
  return paper("act-" + payout.id, await actPaper({ settled, payout, collector, days }, told, office.now()));
}

async function claimFile({ office, school, param }: Visit): Promise<Answer | null> {
  const claim = (await claims(office, school)).find(({ id }) => String(id) === param("claim"));
  if (!claim) return null;
  const name = (await programs(office)).find(({ id }) => id === claim.program)?.name ?? String(claim.program);
  return paper("claim-" + claim.id, await claimPaper(claim, name, (await office.told(school)).school, office.now()));
}

/** All payment orders of a day in one file, as banks take them; what came back is not sent again. */
async function ordersFile({ office, school, param }: Visit): Promise<Answer | null> {
  const [day, encoding] = [dayIn(param("day")), (["utf-8", "windows-1251"] as const).find((one) => one === param("encoding"))];
  const payer = (await parties(office, school)).get(COLLECTOR);
  const orders = (await payouts(office, school)).filter(({ madeOn, returnedOn }) => madeOn === day && returnedOn === null);
  if (day === null || encoding === undefined || !payer || orders.length === 0) return null;
  const { zoneMinutes } = (await office.told(school)).school.policy;
  const numbered = orders.reverse().map((payout) => ({ ...payout, number: payout.id }));
  const bytes = formatExchange({ payer, orders: numbered, made: localMoment(office.now(), zoneMinutes), encoding });
  return { kind: "file", name: "kl_to_1c.txt", type: "text/plain; charset=" + encoding, bytes };
}

async function codesFile({ office, school, param }: Visit): Promise<Answer | null> {
  const told = (await office.told(school)).school;
  const to = (await parties(office, school)).get(COLLECTOR);
  const name = told.classes.get(Number(param("class")))?.name;
  return to && name !== undefined ? paper("codes-" + param("class"), await codePaper(to, name, told, office.now())) : null;
}

export const FILE_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: "/office/:school/settlement/:caterer/:first/paper", permission: "money.read", answer: actFile },
  { method: "GET", path: "/office/:school/claims/:claim/paper", permission: "money.read", answer: claimFile },
  { method: "GET", path: "/office/:school/payouts/:day/:encoding/paper", permission: "money.read", answer: ordersFile },
  { method: "GET", path: "/office/:school/codes/:class/paper", permission: "money.read", answer: codesFile },
];
