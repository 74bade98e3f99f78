/** Passwords are kept as scrypt hashes (RFC 7914) with their own salt and cost, so the cost can rise without locking anybody out. */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { FIRST_GUESSES, ROWS } from "./words-guessed.js";

/** N = 2^15, r = 8: 32 MiB and about a tenth of a second for each guess. */
const COST = 32768;
const BLOCK = 8;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
export const SHORTEST_PASSWORD = 8;

const FEWEST_SIGNS = 5;
const ROW_SHARE = 0.75;

/** What is guessed first: few signs over and over, rows of keys, the words that everybody takes, a telephone's number or a date. */
export function isWeakPassword(password: string): boolean {
  const text = password.normalize("NFKC").toLowerCase();
  if (new Set(text).size < FEWEST_SIGNS || /^[+]?[0-9 ().-]{1,20}$/.test(text) || FIRST_GUESSES.test(text)) return true;
  const rows = ROWS.flatMap((row) => [row, [...row].reverse().join("")]);
  const pairs = [...text].slice(1).map((sign, at) => text[at] + sign);
  return pairs.filter((pair) => rows.some((row) => row.includes(pair))).length >= pairs.length * ROW_SHARE;
}

/** `scrypt$N$r$salt$hash`, salt and hash in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, COST, BLOCK);
  return ["scrypt", COST, BLOCK, salt.toString("base64url"), hash.toString("base64url")].join("$");
}

/** `stored` null takes as long as a wrong password and is `false`: the time taken does not tell who is registered. */
export async function passwordMatches(password: string, stored: string | null): Promise<boolean> {
  const [, cost, block, salt, hash] = (stored ?? NOBODY).split("$");
  const found = await derive(password, Buffer.from(salt, "base64url"), Number(cost), Number(block));
  const wanted = Buffer.from(hash, "base64url");
  return stored !== null && wanted.length === found.length && timingSafeEqual(wanted, found);
}

const NOBODY = ["scrypt", COST, BLOCK, Buffer.alloc(SALT_BYTES).toString("base64url"), ""].join("$");

function derive(password: string, salt: Buffer, cost: number, block: number): Promise<Buffer> {
  // NFKC: the same letters typed on two keyboards are one password (RFC 8265 §4.2 asks the like).
  return new Promise((resolve, reject) =>
    scrypt(password.normalize("NFKC"), salt, HASH_BYTES, { N: cost, r: block, maxmem: 256 * cost * block }, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  );
}
