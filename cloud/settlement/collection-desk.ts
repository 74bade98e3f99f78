/** Rule 13: what a bag from a kiosk was said to hold, and what the bank has counted in it. The difference stands as the kiosk's variance. */
import type { Directive, Kopecks } from "@trapeza/protocol";
import type { Office } from "../office/office.js";
import type { Who } from "../office/people/import-desk.js";

export interface Bag {
  readonly collection: number;
  readonly terminal: number;
  readonly place: string;
  readonly expected: Kopecks;
}

/** Bags that the bank has not told of yet, oldest first. */
export async function waitingBags(office: Office, school: number): Promise<Bag[]> {
  const told = (await office.told(school)).school;
  return [...told.collections.values()]
    .map(({ collection, terminal, expected }) => ({ collection, terminal, expected, place: told.terminals.get(terminal)?.place ?? "" }))
    .sort((a, b) => a.collection - b.collection);
}

/** `null`: there is no such bag, or it has been counted. */
export async function countBag(office: Office, { login, school }: Who, collection: number, counted: Kopecks): Promise<true | null> {
  const bag = (await waitingBags(office, school)).find((one) => one.collection === collection);
  if (!bag) return null;
  const { terminal, expected } = bag;
  const directives = [{ kind: "CountCollection", terminal, collection, counted } as Directive];
  return office.change({ login, school, what: "money.count", subject: "collection " + collection }, async () => ({
    ...{ before: { expected }, after: { counted }, directives, value: true as const },
  }));
}
