/** PostgreSQL takes at most 65 535 parameters a statement; the widest row of these tables has eleven. */
const ROWS_A_STATEMENT = 4000;

/** Runs an insert over slices that PostgreSQL takes in one statement; over nothing it runs none. */
export async function inSlices<Row>(rows: readonly Row[], insert: (slice: Row[]) => { execute(): Promise<unknown> }): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_A_STATEMENT) await insert(rows.slice(at, at + ROWS_A_STATEMENT)).execute();
}
