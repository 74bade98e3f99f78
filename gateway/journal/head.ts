/** Whose journal this is, and the heads that were once signed for it: all that a start holds its entries against. */
import { openCheckpoint } from "@trapeza/protocol";
import type { Checkpoint, NoteSigner, VerifierKey } from "@trapeza/protocol";
import { verifySignature } from "../signing.js";
import { DamagedJournal } from "./check.js";
import type { ExpectedHead } from "./check.js";
import type { StateFile } from "./state-file.js";
import type { CheckpointKind } from "./row.js";

export interface SignedHead extends Checkpoint {
  readonly note: string;
}

interface Identity {
  readonly origin: string;
  readonly signer: NoteSigner;
  readonly cosigner: VerifierKey | null;
}

/** Notes whose journal lies here, or throws when it is another's. */
export function identify(state: StateFile, { origin }: Identity): void {
  const stored = state.meta("origin");
  if (!stored) return state.putMeta("origin", new TextEncoder().encode(origin));
  const other = new TextDecoder().decode(stored);
  if (other !== origin) throw new Error(`this journal is of ${other}, not of ${origin}`);
}

/** `null` before the first. Throws {@link DamagedJournal} for one that bears no good signature. */
export function storedHead(state: StateFile, { origin, signer, cosigner }: Identity, kind: CheckpointKind): SignedHead | null {
  const stored = state.checkpoint(kind);
  if (!stored) return null;
  const opened = openCheckpoint(stored.note, origin, signer.key, cosigner ? [cosigner] : [], verifySignature);
  if (opened.ok && opened.checkpoint.size === stored.size) return { ...opened.checkpoint, note: stored.note };
  throw new DamagedJournal({
    seq: 0,
    upTo: stored.size - 1,
    what: `their ${kind} checkpoint is ${opened.ok ? "of another size" : opened.reason}`,
  });
}

/** Two signed heads that the entries must lead to. */
export function expectedHeads(signed: SignedHead | null, cosigned: SignedHead | null): ExpectedHead[] {
  const heads: ExpectedHead[] = [];
  if (signed) heads.push({ ...signed, by: "signed here" });
  if (cosigned) heads.push({ ...cosigned, by: "cosigned by the cloud" });
  return heads;
}

/** Somebody has heard of `size` entries of this epoch, and there are fewer: the files were put back to an older state. `by`: who, in words. */
export interface Outrun {
  readonly size: number;
  readonly by: string;
}

export function outrunIn(state: StateFile): Outrun | null {
  const stored = state.meta("outrun");
  const [size, ...by] = stored ? new TextDecoder().decode(stored).split(" ") : [];
  return size === undefined ? null : { size: Number(size), by: by.join(" ") };
}

export function noteOutrun(state: StateFile, { size, by }: Outrun): void {
  if (!outrunIn(state)) state.putMeta("outrun", new TextEncoder().encode(`${size} ${by}`));
}
