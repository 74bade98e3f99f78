/** The proofs' scripts and the modules of protocol/ that it needs, as they are: what checks a receipt here is what checks it everywhere. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, posix } from "node:path";
import { AUDIT_SCRIPT, OWN_SCRIPT, PROOF_SCRIPT } from "./proof-script.js";

const HASH_LENGTH = 10;
const SCRIPTS = [
  ["check.js", PROOF_SCRIPT],
  ["audit.js", AUDIT_SCRIPT],
  ["own.js", OWN_SCRIPT],
] as const;
const room = dirname(createRequire(import.meta.url).resolve("@trapeza/protocol"));

/** All that is imported from the scripts on, by its path below the folder. */
function modules(): Map<string, string> {
  const found = new Map<string, string>(SCRIPTS);
  // A map is walked over what is added meanwhile, too.
  for (const [path, text] of found)
    for (const [, named] of text.matchAll(/^(?:import|export) .*? from "(\.[^"]+)";$/gm)) {
      const next = posix.join(posix.dirname(path), named);
      if (!found.has(next)) found.set(next, readFileSync(join(room, next), "utf8").replace(/^\/\/# sourceMappingURL=.*$/m, ""));
    }
  return found;
}

const all = modules();
const hash = createHash("sha256")
  .update([...all.values()].join("\n"))
  .digest("hex")
  .slice(0, HASH_LENGTH);

export const PROOF_MODULES = [...all].map(([path, text]) => ({ path: "/assets/proof." + hash + "/" + path, text }));
export const PROOF_PATH = PROOF_MODULES[0].path;
export const AUDIT_PATH = PROOF_MODULES[1].path;
