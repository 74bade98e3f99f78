/** The cloud's key as gateways know it, from the secret in its folder. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { BackupTrouble, createCloudSigner, loadOrCreateSeed } from "@trapeza/cloud";
import { formatVerifierKey } from "@trapeza/protocol";

/** Throws {@link BackupTrouble} where there is none: one made now would be a stranger to every gateway. */
export async function cloudKeyIn(dataDir: string, house: string): Promise<string> {
  const file = join(dataDir, "cloud.key");
  if (!existsSync(file)) throw new BackupTrouble(`${file} is missing: it is the cloud's key, by which gateways know it`);
  return formatVerifierKey(createCloudSigner(house, await loadOrCreateSeed(file)).directives.key);
}
