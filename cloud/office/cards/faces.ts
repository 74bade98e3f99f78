/** What stands on cards (R4.5): of pupils surname and name, of all others the whole name; number, photograph, the operator's phone and site. */
import { domainToUnicode } from "node:url";
import { writeCards } from "../../documents/card.js";
import type { CardSides } from "../../documents/card.js";
import type { Office } from "../office.js";
import { splitName } from "../people/person.js";
import type { Application } from "./application.js";
import { enclosedIn, holderOf, personOf } from "./application-desk.js";
import { keyOf, photographOf, photographs } from "./photographs.js";
import { PAPER_WORDS } from "./words-papers.js";

/** What of a consolidated application is to be printed: all but what was returned out of it, or has gone on in a later one. */
export async function facesOf(office: Office, school: number, bundle: number): Promise<Application[]> {
  return (await enclosedIn(office, school, bundle)).filter((one) => one.bundle === bundle && isPrinted(one));
}

export const isPrinted = ({ state }: Application): boolean => state === "registered" || state === "made";

/** Print-ready, two pages a card. A photograph that nobody has found right is on none. */
export async function facePaper(office: Office, school: number, printed: readonly Application[]): Promise<Uint8Array> {
  const [{ school: told }, known] = await Promise.all([office.told(school), photographs(office, school)]);
  const words = PAPER_WORDS.face;
  const site = siteText(office.site());
  const cards = printed.map(async (one): Promise<CardSides> => {
    const { name, card } = personOf(told, one);
    const { surname, given, patronymic } = splitName(name);
    const isPupil = one.account !== null;
    const holder = holderOf(one);
    return {
      ...{ look: isPupil ? "pupil" : "staff", front: [words.product, words.purpose], owner: told.policy.operator, system: words.system },
      name: [surname, given, ...(isPupil ? [] : [patronymic])].filter((line) => line !== ""),
      ...{ numberLabel: isPupil ? words.account : words.card, number: card },
      photo: known.get(keyOf(holder))?.state === "right" ? await photographOf(office, school, holder) : null,
      contacts: [told.policy.claimPhone, site].filter((line) => line !== ""),
    };
  });
  return writeCards(words.title, office.now(), await Promise.all(cards));
}

/** "эл-школа.рф" of "https://xn--…": as people write it. */
function siteText(url: string): string {
  if (!URL.canParse(url)) return "";
  const { hostname, port } = new URL(url);
  return (domainToUnicode(hostname) || hostname) + (port === "" ? "" : ":" + port);
}
