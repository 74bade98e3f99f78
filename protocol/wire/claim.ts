/**
 * What a paper carries for whoever comes back with it: the claim code that names its operation for ever, and the text of its QR code. Chip-safe.
 *
 * A claim is `terminal-incarnation-n-check`, the check digit being Luhn over all digits before it. A QR code is `TRAPEZA`, what the paper is about (a receipt
 * `school-number`, or the school and a claim), and once the gateway has spoken `epoch/index` and the first half of the leaf hash, by which anybody can look
 * the event up.
 */
import { fromHex, toHex } from "./bytes.js";
import type { Proof } from "./down.js";
import { luhnDigit } from "./units.js";

/** The name of an operation. */
export interface Claim {
  readonly terminal: number;
  readonly incarnation: number;
  readonly n: number;
}

export function formatClaim(terminal: number, incarnation: number, n: number): string {
  return terminal + "-" + incarnation + "-" + n + "-" + luhnDigit(String(terminal) + String(incarnation) + String(n));
}

const MARK = "TRAPEZA ";
/** Hyphen, blank, the dashes of Unicode and the two of windows-1251. */
const BETWEEN = "- \u2013\u2014\x96\x97";

/** `about`: a receipt, or a school and a claim. `proof` null: the gateway has not answered yet. */
export function formatPaperCode(about: string, proof: Proof | null): string {
  return MARK + about + (proof ? " " + proof.epoch + "/" + proof.index + " " + toHex(proof.leaf) : "");
}

/** What somebody typed or read out; blanks and dashes of any length count as the hyphen. `null`: a slip, or no claim at all. */
export function parseClaim(text: string): Claim | null {
  const parts: string[] = [];
  let digits = "";
  for (let i = 0; i <= text.length; i++) {
    const sign = i < text.length ? text.charAt(i) : " ";
    if (isDigits(sign)) digits += sign;
    else if (BETWEEN.indexOf(sign) < 0 || digits.length > 15) return null;
    else if (digits !== "") {
      parts.push(digits);
      digits = "";
    }
  }
  const claim = { terminal: +parts[0], incarnation: +parts[1], n: +parts[2] };
  if (parts.length !== 4 || claim.terminal < 1 || claim.terminal > 65535 || claim.incarnation < 1 || claim.n < 1) return null;
  // As text: a slip that makes a leading zero would otherwise vanish together with its digit.
  return formatClaim(claim.terminal, claim.incarnation, claim.n) === parts.join("-") ? claim : null;
}

export interface PaperCode {
  readonly school: number;
  /** Exactly one of the two is there. */
  readonly receipt: number | null;
  readonly claim: Claim | null;
  readonly proof: Proof | null;
}

/** `null`: none of ours, or damaged. */
export function parsePaperCode(text: string): PaperCode | null {
  const words = text.split(" ");
  if (words[0] + " " !== MARK || words.length < 2) return null;
  const [school, receipt] = words[1].split("-").map(wholeNumber);
  const claim = receipt === undefined ? parseClaim(words[2] || "") : null;
  const rest = words.slice(claim ? 3 : 2);
  if (school === null || receipt === null || (receipt === undefined && !claim) || words[1].split("-").length > 2) return null;
  const proof = rest.length === 2 ? parseProof(rest[0], rest[1]) : null;
  if (rest.length !== 0 && !proof) return null;
  return { school, receipt: receipt === undefined ? null : receipt, claim, proof };
}

function parseProof(place: string, leaf: string): Proof | null {
  const [epoch, index, more] = place.split("/").map(wholeNumber);
  const bytes = fromHex(leaf);
  if (more !== undefined || epoch === null || index === null || index === undefined || !bytes || bytes.length !== 16) return null;
  return { epoch, index, leaf: bytes };
}

/** Leading zeroes are let pass: a school of one digit is printed with two. */
function wholeNumber(digits: string): number | null {
  return isDigits(digits) && digits.length <= 15 ? +digits : null;
}

function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 48 || text.charCodeAt(i) > 57) return false;
  return text !== "";
}
