/** Whose bank requisites a school has: of whoever collects its money, and of its caterers. */
import type { Office } from "../office/office.js";
import type { Who } from "../office/people/import-desk.js";
import { wrongFields } from "./requisites.js";
import type { Requisites } from "./requisites.js";

/** Under this number stands who collects; under the others the caterers. */
export const COLLECTOR = 0;

export async function parties({ database }: Office, school: number): Promise<Map<number, Requisites>> {
  const rows = await database.selectFrom("settlementParties").selectAll().where("school", "=", school).execute();
  return new Map(
    rows.map(({ party, name, inn, kpp, account, bank, bic, correspondent }) => [
      party,
      { name, inn, kpp, account, bank, bic, correspondent },
    ]),
  );
}

/** `null`: something is wrong with them, or there is no such caterer. */
export async function putParty(office: Office, { login, school }: Who, party: number, requisites: Requisites): Promise<true | null> {
  const isKnown = party === COLLECTOR || (await office.told(school)).school.caterers.has(party);
  if (!isKnown || wrongFields(requisites).length > 0) return null;
  const before = (await parties(office, school)).get(party) ?? null;
  return office.change({ login, school, what: "money.party", subject: "party " + party }, async (transaction) => {
    const insert = transaction.insertInto("settlementParties").values({ school, party, ...requisites });
    await insert.onConflict((conflict) => conflict.columns(["school", "party"]).doUpdateSet(requisites)).execute();
    return { before, after: requisites, value: true as const };
  });
}
