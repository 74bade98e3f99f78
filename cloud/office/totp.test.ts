import test from "ava";
import { codeOf, matchingStep, stepAt, toBase32, totpAddress } from "./totp.js";

const secret = Buffer.from("12345678901234567890");

test("codes are those of RFC 6238, appendix B", (t) => {
  const vectors: [number, string][] = [
    [59, "94287082"],
    [1111111109, "07081804"],
    [1111111111, "14050471"],
    [1234567890, "89005924"],
    [2000000000, "69279037"],
    [20000000000, "65353130"],
  ];
  for (const [seconds, code] of vectors) t.is(codeOf(secret, stepAt(seconds * 1000), 8), code);
});

test("codes are those of RFC 4226, appendix D", (t) => {
  const codes = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
  codes.forEach((code, counter) => t.is(codeOf(secret, counter), code));
});

test("a code opens once, and a neighbour's code opens, too", (t) => {
  const now = 1_000_000_000_000;
  const step = stepAt(now);
  t.is(matchingStep(secret, codeOf(secret, step), now, -1), step);
  t.is(matchingStep(secret, codeOf(secret, step - 1), now, -1), step - 1);
  t.is(matchingStep(secret, codeOf(secret, step), now, step), null);
  t.is(matchingStep(secret, codeOf(secret, step - 2), now, -1), null);
  t.is(matchingStep(secret, "12345", now, -1), null);
});

test("a secret is written as authenticators read it", (t) => {
  t.is(toBase32(Buffer.from("foobar")), "MZXW6YTBOI");
  t.is(
    totpAddress(Buffer.from("foobar"), "Трапеза", "anna"),
    "otpauth://totp/%D0%A2%D1%80%D0%B0%D0%BF%D0%B5%D0%B7%D0%B0:anna?secret=MZXW6YTBOI&issuer=%D0%A2%D1%80%D0%B0%D0%BF%D0%B5%D0%B7%D0%B0",
  );
});
