/** The demonstration's cloud and what it knows: the school of 703 pupils, a parent with two children, the gateway's key. */
import { randomBytes } from "node:crypto";
import { createSigner } from "@trapeza/gateway";
import { formatVerifierKey, fromHex, journalOrigin, kopecks, menuKey } from "@trapeza/protocol";
import type { BusinessDate } from "@trapeza/protocol";
import { readCloudConfig, ROLES, startCloud, USUAL_POLICY, type PaymentSettings, type RunningCloud } from "@trapeza/cloud";
import {
  createRandom,
  directivesFor,
  inventSchool,
  openBank,
  platesFor,
  type Bank,
  type DemoPupil,
  type DemoSchool,
} from "@trapeza/simulators";
import type { DemoSecrets } from "./secrets.js";
import { RUSSIAN } from "./words.ru.js";

export const HOUSE = "trapeza.example";
export const GATEWAY = "gateway-24";
export const PARENT_PHONE = "+7 900 000-00-24";
const FATHER_PHONE = "79000000025";

const SEED = 24;
const DAY_MS = 86_400_000;
/** Prices and cards are good since some weeks, so that yesterday's periods make sense. */
const DAYS_BEFORE = 40;

export function demoSchool(): DemoSchool {
  return inventSchool(createRandom(SEED));
}

/** Tells the school what is cooked in the two weeks from this Monday, unless it knows. A demonstration kept for months always has a menu of today. */
export async function tellMenu({ cloud }: RunningCloud, school: DemoSchool): Promise<number> {
  const { state } = await cloud.library.book(school.number);
  const today = Math.floor(Date.now() / DAY_MS);
  const monday = today - ((today + 3) % 7);
  const days = Array.from({ length: 14 }, (_, day) => (monday + day) as BusinessDate);
  const plates = days
    .flatMap((date) => platesFor(date))
    .filter((plate) => plate.kind === "SetMealMenu" && !state.mealMenus.has(menuKey(plate.meal, plate.date)));
  return plates.length === 0 ? 0 : cloud.enqueueDirectives(school.number, plates);
}

/** The parent's children, brother and sister or two sisters: a young one with money and an older one with a debt. */
export function childrenOf(school: DemoSchool): DemoPupil[] {
  const olders = school.pupils.filter((pupil) => pupil.class.grade === 7 && pupil.mainKopecks < 0);
  for (const young of school.pupils) {
    if (young.class.grade !== 3 || young.category !== 1 || young.additionalKopecks <= 20_000) continue;
    const older = olders.find((pupil) => motherSurname([young, pupil]) !== null);
    if (older) return [young, older];
  }
  throw new Error("the demonstration school has no two such children");
}

/** A girl's surname begins with her brother's and is one letter longer; `null` when these are no brother and sister. */
function motherSurname(children: readonly DemoPupil[]): string | null {
  const surnames = children.map(({ person }) => person.surname).sort((a, b) => a.length - b.length);
  const longest = surnames[surnames.length - 1];
  const isFamily = surnames.every((surname) => longest.startsWith(surname) && longest.length - surname.length <= 1);
  return isFamily && children.some(({ person }) => person.female && person.surname === longest) ? longest : null;
}

/** Tells a new cloud everything about the school. Returns how many directives that took. */
export async function tellCloud({ cloud }: RunningCloud, school: DemoSchool, secrets: DemoSecrets): Promise<number> {
  const from = (Math.floor(Date.now() / DAY_MS) - DAYS_BEFORE) as BusinessDate;
  const directives = directivesFor(school, from);
  const seed = fromHex(secrets.gatewaySeed) as Uint8Array;
  await cloud.registerSchool({ id: school.number, label: school.name });
  await cloud.registerGateway({
    id: GATEWAY,
    school: school.number,
    key: createSigner(journalOrigin(HOUSE, school.number, 1), seed).key.publicKey,
  });
  const children = childrenOf(school);
  await cloud.registerGuardian({
    phone: PARENT_PHONE,
    name: RUSSIAN.mother(motherSurname(children) ?? ""),
    password: secrets.password,
    children: children.map((child) => ({ school: school.number, account: child.id })),
  });
  // The school knows the father, too, who has yet to register.
  for (const { id: account } of children) await cloud.store.people.setSchoolPhones({ school: school.number, account }, [FATHER_PHONE]);
  return cloud.enqueueDirectives(school.number, directives);
}

/** One person in each role of the office, once; all with the demonstration's password and authenticator. */
export async function staffOffice({ office }: RunningCloud, school: DemoSchool, secrets: DemoSecrets): Promise<void> {
  if ((await office.staff.all()).length > 0) return;
  const everywhere = ["operator", "technician", "auditor", "accountant"];
  await office.change({ login: "system", school: null, what: "staff.put", subject: "staff of the demonstration" }, async (transaction) => {
    for (const role of ROLES) {
      const place = everywhere.includes(role)
        ? { school: null, class: null }
        : { school: school.number, class: role === "teacher" ? 1 : null };
      const own = role === "caterer" ? 1 : role === "cashier" ? (school.staff.find((one) => one.role === role)?.id ?? null) : null;
      const secret = fromHex(secrets.officeSecret) as Uint8Array;
      await office.staff.put(transaction, {
        login: role,
        name: RUSSIAN.staffNames[role],
        role,
        ...place,
        own,
        password: secrets.password,
        secret,
      });
    }
    return { before: null, after: ROLES, value: null };
  });
}

export function cloudKey({ cloud }: RunningCloud): string {
  return formatVerifierKey(cloud.signer.directives.key);
}

/** The database of one's own that the environment names, if any; throws a sentence when that is no address of one. */
export function databaseUrl(): string | null {
  const { DATABASE_URL } = process.env;
  return readCloudConfig({ DATABASE_URL, TRAPEZA_CLOUD_DATA: "data", TRAPEZA_HOUSE: HOUSE }).databaseUrl;
}

export interface DemoCloud extends RunningCloud {
  /** Where the parent pays. */
  readonly bank: Bank;
}

/** The cloud and the practice bank that takes its payments, two per cent on top. The bank forgets its orders when it stops. */
export async function openCloud(dataDir: string, port: number, onError: (error: Error) => void): Promise<DemoCloud> {
  const [user, password, callbackKey] = ["school", randomBytes(12).toString("hex"), randomBytes(12).toString("hex")];
  let callbackUrl: string | null = null;
  const bank = await openBank({ ...{ user, password, callbackKey, now: Date.now, port: 0 }, callbackUrl: () => callbackUrl });
  const fee = { basisPoints: 200, atLeast: kopecks(0) };
  const payments: PaymentSettings = {
    acquirer: { url: bank.url + "/payment/rest", user, password, callbackKey },
    ...{ ways: ["card", "sbp"], networkPassword: null, policy: { ...USUAL_POLICY, fees: { card: fee, sbp: fee } } },
  };
  try {
    const where = { dataDir, databaseUrl: databaseUrl(), host: "127.0.0.1", port, house: HOUSE, secureCookies: false };
    const cloud = await startCloud({ ...where, payments }, { onError });
    callbackUrl = cloud.url + "/payments/callback";
    return { ...cloud, bank, close: () => cloud.close().then(bank.close) };
  } catch (error) {
    await bank.close();
    throw error;
  }
}
