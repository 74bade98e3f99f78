/** Which Node a gateway may live on. */

/** From here on, better-sqlite3 12 aborts the process whenever a statement is collected, in the middle of lunch too; its edition 13 ends Node 20 instead. */
const DEADLY = [24, 19] as const;

/** A sentence when this Node would end the gateway without a word; `version` as in `process.versions.node`. */
export function deadlyNode(version: string): string | null {
  const [major, minor] = version.split(".").map(Number);
  if (major < DEADLY[0] || (major === DEADLY[0] && minor < DEADLY[1])) return null;
  return `Node ${version} aborts programs that use our SQLite module, as every one from ${DEADLY.join(".")} on: use Node 20 or 22.`;
}
