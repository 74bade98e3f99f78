/** Brings a database to the newest shape. Migrations are values of the program, so they are found wherever it is started from. */
import { Migrator } from "kysely";
import type { Kysely, Migration } from "kysely";
import { journalAndLedger } from "./migrations/0001-journal-and-ledger.js";
import { replacement } from "./migrations/0002-replacement.js";
import { payments } from "./migrations/0003-payments.js";
import { office } from "./migrations/0004-office.js";
import { officePeople } from "./migrations/0005-office-people.js";
import { tails } from "./migrations/0006-tails.js";
import { officeMenu } from "./migrations/0007-office-menu.js";
import { guardians } from "./migrations/0008-guardians.js";
import { lawsByStatement } from "./migrations/0009-laws-by-statement.js";
import { officeCards } from "./migrations/0010-office-cards.js";
import { registries } from "./migrations/0011-registries.js";
import { waysOut } from "./migrations/0012-ways-out.js";
import { periods } from "./migrations/0013-periods.js";
import { officeReports } from "./migrations/0014-office-reports.js";
import { officeClaims } from "./migrations/0015-office-claims.js";
import { notices } from "./migrations/0016-notices.js";
import { letters } from "./migrations/0017-letters.js";
import { cardDesks } from "./migrations/0019-card-desks.js";
import { secondAdults } from "./migrations/0020-second-adults.js";
import { recipes } from "./migrations/0021-recipes.js";
import { answersTold } from "./migrations/0022-answers-told.js";
import { photographs } from "./migrations/0030-photographs.js";
import { staffCards } from "./migrations/0031-staff-cards.js";
import { announcements } from "./migrations/0032-announcements.js";
import { forgetting } from "./migrations/0033-forgetting.js";
import { schoolInEveryKey } from "./migrations/0040-school-in-every-key.js";
import { moves } from "./migrations/0041-moves.js";
import { receipts } from "./migrations/0042-receipts.js";
import { boundAccounts } from "./migrations/0043-bound-accounts.js";
import { partners } from "./migrations/0044-partners.js";
import { forgettingOrders } from "./migrations/0050-forgetting-orders.js";
import { staffWhoLeave } from "./migrations/0051-staff-who-leave.js";
import { suspenseProposals } from "./migrations/0052-suspense-proposals.js";
import { forgettingBindings } from "./migrations/0053-forgetting-bindings.js";
import { lawOfOrders } from "./migrations/0054-law-of-orders.js";
import { wholeWords } from "./migrations/0055-whole-words.js";
import { forgettingBaskets } from "./migrations/0056-forgetting-baskets.js";
import { cardBatches } from "./migrations/0057-card-batches.js";
import { tillPortraits } from "./migrations/0058-till-portraits.js";
import { partnersAnew } from "./migrations/0061-partners-anew.js";
import { forgettingPayers } from "./migrations/0062-forgetting-payers.js";
import { identities } from "./migrations/0063-identities.js";
import { debtNotices } from "./migrations/0064-debt-notices.js";
import { monthlyStatements } from "./migrations/0065-monthly-statements.js";
import { restingStatements } from "./migrations/0066-resting-statements.js";
import { forgettingBoundPhones } from "./migrations/0068-forgetting-bound-phones.js";
import { endedLinks } from "./migrations/0069-ended-links.js";
import { payeesOfRefunds } from "./migrations/0070-payees-of-refunds.js";
import { lawsByRow } from "./migrations/0075-laws-by-row.js";
import { fiscalReceipts } from "./migrations/0076-fiscal-receipts.js";
import { referencesByOrder } from "./migrations/0083-references-by-order.js";
import { receiptsRenewed } from "./migrations/0084-receipts-renewed.js";
import { remediesOfReceipts } from "./migrations/0085-remedies-of-receipts.js";

const migrations: Record<string, Migration> = {
  "0001-journal-and-ledger": journalAndLedger,
  "0002-replacement": replacement,
  "0003-payments": payments,
  "0004-office": office,
  "0005-office-people": officePeople,
  "0006-tails": tails,
  "0007-office-menu": officeMenu,
  "0008-guardians": guardians,
  "0009-laws-by-statement": lawsByStatement,
  "0010-office-cards": officeCards,
  "0011-registries": registries,
  "0012-ways-out": waysOut,
  "0013-periods": periods,
  "0014-office-reports": officeReports,
  "0015-office-claims": officeClaims,
  "0016-notices": notices,
  "0017-letters": letters,
  "0019-card-desks": cardDesks,
  "0020-second-adults": secondAdults,
  "0021-recipes": recipes,
  "0022-answers-told": answersTold,
  "0030-photographs": photographs,
  "0031-staff-cards": staffCards,
  "0032-announcements": announcements,
  "0033-forgetting": forgetting,
  "0040-school-in-every-key": schoolInEveryKey,
  "0041-moves": moves,
  "0042-receipts": receipts,
  "0043-bound-accounts": boundAccounts,
  "0044-partners": partners,
  "0050-forgetting-orders": forgettingOrders,
  "0051-staff-who-leave": staffWhoLeave,
  "0052-suspense-proposals": suspenseProposals,
  "0053-forgetting-bindings": forgettingBindings,
  "0054-law-of-orders": lawOfOrders,
  "0055-whole-words": wholeWords,
  "0056-forgetting-baskets": forgettingBaskets,
  "0057-card-batches": cardBatches,
  "0058-till-portraits": tillPortraits,
  "0061-partners-anew": partnersAnew,
  "0062-forgetting-payers": forgettingPayers,
  "0063-identities": identities,
  "0064-debt-notices": debtNotices,
  "0065-monthly-statements": monthlyStatements,
  "0066-resting-statements": restingStatements,
  "0068-forgetting-bound-phones": forgettingBoundPhones,
  "0069-ended-links": endedLinks,
  "0070-payees-of-refunds": payeesOfRefunds,
  "0075-laws-by-row": lawsByRow,
  "0076-fiscal-receipts": fiscalReceipts,
  "0083-references-by-order": referencesByOrder,
  "0084-receipts-renewed": receiptsRenewed,
  "0085-remedies-of-receipts": remediesOfReceipts,
};

export const knownMigrations: readonly string[] = Object.keys(migrations);

/** Each migration runs once, all in one transaction; throws, having changed nothing, when one fails. `names`: these alone, as when a backup is brought back. */
export async function migrate<Database>(database: Kysely<Database>, names = knownMigrations): Promise<void> {
  const wanted = Object.fromEntries(names.map((name) => [name, migrations[name]]));
  const migrator = new Migrator({ db: database, provider: { getMigrations: async () => wanted }, allowUnorderedMigrations: true });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}
