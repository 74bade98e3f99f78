/** A loader's hook: who imports "ava" gets the stand-in. */
import type { ResolveHook } from "node:module";

export const resolve: ResolveHook = (specifier, context, next) =>
  specifier === "ava" ? { url: new URL("./stand-in.js", import.meta.url).href, shortCircuit: true } : next(specifier, context);
