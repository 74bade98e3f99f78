/** A loader's hook: one built module of the product is read with one piece of its text replaced. */
import type { LoadHook } from "node:module";

export interface Patch {
  /** How the module's address ends. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

let patch: Patch | null = null;

export function initialize(given: Patch): void {
  patch = given;
}

export const load: LoadHook = async (url, context, next) => {
  const loaded = await next(url, context);
  if (!patch || !url.endsWith(patch.file)) return loaded;
  const text = Buffer.from(loaded.source as Uint8Array).toString();
  if (text.split(patch.from).length !== 2)
    throw new Error(`"${patch.from}" does not stand once in ${patch.file}: the defect must be written anew`);
  return { ...loaded, source: text.replace(patch.from, () => patch?.to ?? "") };
};
