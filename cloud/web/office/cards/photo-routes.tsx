/** Photographs taken, looked at, judged, printed by class and dropped. */
import { PDF_TYPE } from "../../../documents/paper.js";
import { holderIn } from "../../../office/cards/holder.js";
import type { Holder } from "../../../office/cards/holder.js";
import { photoListPaper } from "../../../office/cards/papers.js";
import {
  agreePhotoDay,
  dropPhotograph,
  judgePhotographs,
  keyOf,
  photographOf,
  photographs,
  takePhotograph,
  takePhotographs,
} from "../../../office/cards/photographs.js";
import { PAPER_WORDS } from "../../../office/cards/words-papers.js";
import { dateDigits, localMoment } from "../../date-text.js";
import { dayIn } from "../menu/typed.js";
import { go } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { STAFF, chosenGroup, groupsFor, photosPage } from "./photo-pages.js";
import { photoWords } from "./words.js";

/** A class of thirty, two megabytes each: what a telephone makes. */
const MANY = 60_000_000;

/** Whom the address names, if this person may look at them. */
async function holderOf(visit: Visit): Promise<Holder | null> {
  const { office, school, actor, param } = visit;
  const holder = param("holder");
  if ((holder !== "pupil" && holder !== "staff") || !/^[0-9]{1,9}$/.test(param("number"))) return null;
  const one: Holder = { holder, number: Number(param("number")) };
  const text = holderIn((await office.told(school)).school, one);
  if (!text || (actor.role === "teacher" && (text.classId === null || text.classId !== actor.class))) return null;
  return one;
}

export const pageOf = (school: number, { holder, number }: Holder): string =>
  "/office/" + school + (holder === "pupil" ? "/people/" : "/employees/") + number;

async function face(visit: Visit): Promise<Answer | null> {
  const one = await holderOf(visit);
  const bytes = one && (await photographOf(visit.office, visit.school, one));
  return bytes && { kind: "file", name: visit.param("number") + ".jpg", type: "image/jpeg", bytes };
}

async function take(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, file } = visit;
  const words = photoWords(visit);
  const one = await holderOf(visit);
  const sent = file("photo");
  if (!one) return null;
  if (!sent) return go(pageOf(school, one), words.noFile);
  const done = await takePhotograph(office, { login: actor.login, school }, one, sent.bytes);
  return done && go(pageOf(school, one), done === "taken" ? words.taken : words.not + ": " + words.faults[done]);
}

async function takeMany(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, files } = visit;
  return photosPage(visit, await takePhotographs(office, { login: actor.login, school }, files("photos")));
}

async function drop(visit: Visit): Promise<Answer | null> {
  const { office, actor, school } = visit;
  const one = await holderOf(visit);
  const done = one && (await dropPhotograph(office, { login: actor.login, school }, one));
  return done && one && go(pageOf(school, one), photoWords(visit).dropped);
}

async function judge(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, typed } = visit;
  const words = photoWords(visit);
  const group = chosenGroup(groupsFor(visit, (await office.told(school)).school), typed.class ?? "");
  if (!group) return null;
  const remarks = new Map(
    group.holders.flatMap((one) => {
      const remark = (typed[keyOf(one)] ?? "").trim();
      return remark === "" ? [] : [[keyOf(one), remark] as const];
    }),
  );
  const { right, wrong } = await judgePhotographs(office, { login: actor.login, school }, group.holders, remarks);
  const at = "/office/" + school + "/photos?class=" + (group.classId ?? STAFF);
  return go(at, right + wrong === 0 ? words.noneWaits : words.judged(right, wrong));
}

async function agree(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, typed } = visit;
  const words = photoWords(visit);
  const day = dayIn(typed.day);
  const done = day !== null && (await agreePhotoDay(office, { login: actor.login, school }, day));
  return go("/office/" + school + "/photos", done ? words.agreed : words.past);
}

async function paper(visit: Visit): Promise<Answer | null> {
  const { office, school, param } = visit;
  const told = (await office.told(school)).school;
  const group = chosenGroup(groupsFor(visit, told), param("class"));
  if (!group) return null;
  const known = await photographs(office, school);
  const words = PAPER_WORDS.photos;
  const faces = await Promise.all(
    group.holders.map(async (one) => {
      const [text, photo] = [holderIn(told, one), known.get(keyOf(one))];
      const judged = photo?.state === "right" ? localMoment(photo.judgedMs ?? 0, told.policy.zoneMinutes).date : null;
      return {
        ...{ name: text?.name ?? "", number: text?.card ?? "", picture: await photographOf(office, school, one) },
        confirmed: judged === null ? "" : words.confirmed(dateDigits(judged)),
      };
    }),
  );
  const of = group.classId === null ? words.staff : words.class(group.name);
  const bytes = await photoListPaper(of, faces, { school: told, madeMs: office.now() });
  return { kind: "file", name: "photos-" + (group.classId ?? STAFF) + ".pdf", type: PDF_TYPE, bytes };
}

const PHOTOS = "/office/:school/photos";
const ONE = PHOTOS + "/:holder/:number";

export const PHOTO_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: PHOTOS, permission: "photos.read", answer: (visit) => photosPage(visit) },
  { method: "GET", path: PHOTOS + "/paper", permission: "photos.read", answer: paper },
  { method: "POST", path: PHOTOS, permission: "photos.take", most: MANY, answer: takeMany },
  { method: "POST", path: PHOTOS + "/judge", permission: "photos.judge", answer: judge },
  { method: "POST", path: PHOTOS + "/days", permission: "photos.take", answer: agree },
  { method: "GET", path: ONE + "/face", permission: "photos.read", answer: face },
  { method: "POST", path: ONE, permission: "photos.take", answer: take },
  { method: "POST", path: ONE + "/drop", permission: "photos.take", answer: drop },
];
