/** `npm run tool -- release`: makes and signs what terminals take over the wire. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { MANIFEST_BYTES, makeRelease, readRelease, releaseId, toHex, WIRE_VERSION } from "@trapeza/protocol";
import type { Manifest, Release } from "@trapeza/protocol";
import { imagePath, wordsPath } from "@trapeza/firmware";
import { images } from "./build.js";
import { KeyTrouble, makeKey, publicKeyIn, sha256, signWith } from "./release/key.js";

type Program = (typeof images)[number];

const USAGE = `release keygen --key <file>                 makes the key that signs; prints its public half, which enrol writes into terminals
release make --kind <program> [--security <n>] [--key <file>] [--to <folder>]
                                             the built image and its words as a release; signed, if there is a key
release sign --key <file> <release file>     signs one that was made on another machine
release show <release file>
Programs: ${images.join(", ")}.`;

function newFile(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, bytes);
  renameSync(`${path}.new`, path);
}

function told(release: Release, path: string): void {
  const { kind, line, version, securityVersion, imageBytes, wordsBytes } = release.manifest;
  const isSigned = release.bytes.subarray(MANIFEST_BYTES, MANIFEST_BYTES + 8).some((byte) => byte !== 0);
  const destination = line === "none" ? kind : `${kind} with ${line}`;
  console.log(
    `${path}: ${destination} ${version}, security ${securityVersion}, release ${toHex(release.id)}, ${release.bytes.length} bytes`,
  );
  console.log(`image ${imageBytes} bytes, words ${wordsBytes}, ${isSigned ? "signed" : "NOT SIGNED: no terminal takes it"}`);
}

/** Which terminals a program is for. */
function destinationOf(program: Program): Pick<Manifest, "kind" | "line"> {
  if (program === "payment-id003") return { kind: "payment", line: "id003" };
  return { kind: program, line: program === "payment" ? "ccnet" : "none" };
}

/** The built image of this kind and its words, signed when there is a key. */
export function makeBuilt(program: Program, securityVersion: number, key: string | undefined): Release {
  const facts = JSON.parse(readFileSync(imagePath(program).replace(/js$/, "json"), "utf8")) as { version: string };
  const parts = { image: new Uint8Array(readFileSync(imagePath(program))), words: new Uint8Array(readFileSync(wordsPath(program))) };
  const about = { ...destinationOf(program), version: facts.version, securityVersion, minimalProtocol: WIRE_VERSION };
  return makeRelease(sha256, about, parts, key === undefined ? null : (manifest) => signWith(key, manifest));
}

function readFile(path: string): Release {
  const release = readRelease(sha256, new Uint8Array(readFileSync(path)));
  if (typeof release === "string") throw new KeyTrouble(`${path}: ${release}`);
  return release;
}

function make(values: { kind?: string; security?: string; key?: string; to?: string }): void {
  const program = images.find((one) => one === values.kind);
  if (!program) throw new KeyTrouble(`--kind is one of ${images.join(", ")}`);
  const security = Number(values.security ?? "1");
  if (!Number.isInteger(security) || security < 0 || security > 65535) throw new KeyTrouble("--security is a whole number up to 65535");
  const release = makeBuilt(program, security, values.key);
  const path = join(values.to ?? ".", `${program}.release`);
  newFile(path, release.bytes);
  told(release, path);
}

function sign(path: string, key: string): void {
  const { bytes } = readFile(path);
  const signed = bytes.slice();
  signed.set(signWith(key, bytes.slice(0, MANIFEST_BYTES)), MANIFEST_BYTES);
  newFile(path, signed);
  told({ ...readFile(path), id: releaseId(sha256, signed) }, path);
}

/** 0 when it is done, 1 with a sentence when it cannot be, 2 for words that make no sense. */
export async function run(args: string[]): Promise<number> {
  const options = { kind: { type: "string" }, security: { type: "string" }, key: { type: "string" }, to: { type: "string" } } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [verb, path] = positionals;
  try {
    if (verb === "keygen" && values.key !== undefined) console.log(makeKey(values.key));
    else if (verb === "make") make(values);
    else if (verb === "sign" && values.key !== undefined && path !== undefined) sign(path, values.key);
    else if (verb === "show" && path !== undefined) told(readFile(path), path);
    else if (verb === "public" && values.key !== undefined) console.log(publicKeyIn(values.key));
    else {
      console.error(USAGE);
      return 2;
    }
    return 0;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (!(error instanceof KeyTrouble) && code !== "ENOENT") throw error;
    console.error((error as Error).message);
    return 1;
  }
}
