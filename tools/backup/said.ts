import { BackupTrouble, NoDatabase } from "@trapeza/cloud";

/** What a command comes to; a trouble that a person can mend is said in its sentence and comes to 1. */
export async function said(work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof BackupTrouble || error instanceof NoDatabase)) throw error;
    console.error(error.message);
    return 1;
  }
}
