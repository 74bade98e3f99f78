/**
 * The office's photographs at the school's own tills: those that somebody who knows the face has found right, of pupils who eat here. Whoever leaves, is
 * erased or takes the photograph back is not in the next list, and the gateway forgets the picture. No journal and no directive carries a face.
 */
import type { PortraitList, School } from "@trapeza/protocol";
import { sha256 } from "../../crypto.js";
import type { Office } from "../office.js";
import { subjectOf } from "./holder.js";
import { drawForTill } from "./portrait.js";

/** Drawn for one question; the rest follows at the next. */
const DRAWN_AT_ONCE = 200;

const asTheGatewayKnows = async ({ cloud }: Office, school: number): Promise<School> => (await cloud.library.book(school)).state;

/** Who finds pictures that cannot be drawn; a person always says what is wrong. */
const FINDER = "portraits";

export async function tillPortraits(office: Office, school: number): Promise<PortraitList> {
  await drawMissing(office, school);
  const { accounts } = await asTheGatewayKnows(office, school);
  const rows = await rightOnes(office, school).select(["number", "greyHash"]).where("greyHash", "is not", null).orderBy("number").execute();
  const faces = rows.flatMap(({ number, greyHash }) => {
    const account = accounts.get(number);
    return account?.status === "open" && greyHash ? [{ number: account.number as string, hash: new Uint8Array(greyHash) }] : [];
  });
  return { madeMs: office.now(), faces };
}

/** `null`: there is none that a till may show. */
export async function tillPortrait(office: Office, school: number, number: string): Promise<Uint8Array | null> {
  const { accounts } = await asTheGatewayKnows(office, school);
  const account = [...accounts.values()].find((one) => one.number === number && one.status === "open");
  if (!account) return null;
  const row = await rightOnes(office, school).select("grey").where("number", "=", account.id).executeTakeFirst();
  return row?.grey ? new Uint8Array(row.grey) : null;
}

function rightOnes({ database }: Office, school: number) {
  const query = database.selectFrom("officePhotographs").where("school", "=", school).where("holder", "=", "pupil");
  return query.where("state", "=", "right");
}

async function drawMissing(office: Office, school: number): Promise<void> {
  const query = rightOnes(office, school).select(["number", "jpeg", "takenMs"]).where("greyHash", "is", null);
  for (const { number, jpeg, takenMs } of await query.limit(DRAWN_AT_ONCE).execute()) {
    const grey = await drawForTill(jpeg);
    if (grey === null) {
      await findDamaged(office, school, number, takenMs);
      continue;
    }
    const update = office.database.updateTable("officePhotographs").set({ grey, greyHash: sha256(grey) });
    const whose = update.where("school", "=", school).where("holder", "=", "pupil").where("number", "=", number);
    // The picture that was drawn: one taken since then is drawn when it is found right.
    await whose.where("takenMs", "=", takenMs).execute();
  }
}

/** A picture that cannot be drawn keeps no other face from the tills; it stands among those that are to be taken again, and no person has said so. */
async function findDamaged(office: Office, school: number, number: number, takenMs: number): Promise<void> {
  const subject = subjectOf({ holder: "pupil", number });
  await office.change({ login: FINDER, school, what: "photos.judge", subject }, async (transaction) => {
    const wrong = { state: "wrong", judgedMs: office.now(), judgedBy: FINDER, remark: "" } as const;
    const update = transaction.updateTable("officePhotographs").set(wrong).where("school", "=", school).where("holder", "=", "pupil");
    const { numUpdatedRows } = await update.where("number", "=", number).where("takenMs", "=", takenMs).executeTakeFirst();
    const found = numUpdatedRows > 0n;
    return { before: found ? { state: "right" } : null, after: found ? { state: "wrong", damaged: true } : null, value: null };
  });
}
