/** The register of personal data for one person: what is held, what for, and until when (the consent of Appendix 1: schooling and one year). */
import type { Account, BusinessDate } from "@trapeza/protocol";
import { applications } from "../../../office/cards/application-desk.js";
import { keyOf, photographs } from "../../../office/cards/photographs.js";
import { isPayeeKnown } from "../../../settlement/old-payees.js";
import { RETENTION_DAYS } from "../../../office/people/people-desk.js";
import type { PupilRow } from "../../../office/people/people-rows.js";
import { dateDigits } from "../../date-text.js";
import { DataTable } from "../parts.js";
import type { Visit } from "../route.js";
import { peopleWords } from "./words.js";

export async function registerBlock(visit: Visit, account: Account, row: PupilRow | undefined) {
  const { office, school } = visit;
  const words = peopleWords(visit).register;
  const own = (await applications(office, school)).filter((one) => one.account === account.id);
  const consent = own.findLast(({ papers }) => papers.includes("data"));
  const isKnown = (row?.erasedMs ?? null) === null;
  const until = row?.leftOn ? dateDigits((row.leftOn + RETENTION_DAYS) as BusinessDate) : words.yearAfter;
  const held = [
    ...(isKnown ? (["name"] as const) : []),
    ...(row?.born ? (["born"] as const) : []),
    ...(row && row.guardians.length > 0 ? (["guardians"] as const) : []),
    ...((await photographs(office, school)).has(keyOf({ holder: "pupil", number: account.id })) ? (["photo"] as const) : []),
    ...(isKnown && own.length > 0 ? (["applicants"] as const) : []),
    ...((await isPayeeKnown(office, school, account.id)) ? (["payee"] as const) : []),
    "operations" as const,
  ];
  return (
    <>
      <h2>{words.title}</h2>
      <DataTable
        caption={words.title}
        rows={held}
        empty=""
        columns={[
          { head: words.what, cell: (one) => words.data[one].what },
          { head: words.why, cell: (one) => words.data[one].why },
          { head: words.until, cell: (one) => ({ operations: words.forEver, payee: words.yearsAfter })[one as string] ?? until },
        ]}
      />
      {isKnown && <p class="lead">{consent ? words.consent(consent.id, dateDigits(consent.receivedOn)) : words.noConsent}</p>}
    </>
  );
}
