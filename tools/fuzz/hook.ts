/** A loader's hook: each module of the product counts, as it runs, the branches that it takes. */
import type { LoadHook } from "node:module";
import { instrument } from "./instrument.js";

let watched = "";

export function initialize(given: { readonly watched: string }): void {
  watched = given.watched;
}

export const load: LoadHook = async (url, context, next) => {
  const loaded = await next(url, context);
  if (!url.includes(watched) || url.endsWith(".test.js") || loaded.source === null || loaded.source === undefined) return loaded;
  return { ...loaded, source: instrument(Buffer.from(loaded.source as Uint8Array).toString()) };
};
