/** The demonstration school's portraits, in the folder where its gateway looks for them. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { portraitFile } from "@trapeza/gateway";
import { encodePortrait } from "@trapeza/protocol";
import { portraitOf, type DemoSchool } from "@trapeza/simulators";

/** Once; they are the same at every start. Written beside and moved, so that an interrupted start leaves no half of them. */
export function bringPortraits(folder: string, school: DemoSchool): void {
  if (existsSync(folder)) return;
  const beside = folder + ".new";
  mkdirSync(beside, { recursive: true });
  for (const pupil of school.pupils) writeFileSync(portraitFile(beside, pupil.account), encodePortrait(portraitOf(pupil)), { mode: 0o600 });
  renameSync(beside, folder);
}
