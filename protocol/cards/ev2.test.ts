/** Published values of AN12196: §6.6 and §6.10 (opening), §6.12 (a secret command), §6.16.1 (a key's sum). */
import test from "ava";
import { fromHex, toHex } from "../wire/bytes.js";
import { decryptBlock, encryptBlock } from "./_aes.test.js";
import { askChallenge, checkSum, isAnswered, keyChange, openSession, proveKey, secretCommand } from "./ev2.js";

const cipher = { encryptBlock, decryptBlock };
const bytes = (hex: string): Uint8Array => fromHex(hex.toLowerCase()) as Uint8Array;
const zero = new Uint8Array(16);

const OPENINGS = [
  {
    ours: "13C5DB8A5930439FC3DEF9A4C675360F",
    challenge: "A04C124213C186F22399D33AC2A30215",
    token: "35C3E05A752E0144BAC0DE51C1F22C56B34408A23D8AEA266CAB947EA8E0118D",
    proof: "3FA64DB5446D1F34CD6EA311167F5E4985B89690C04A05F17FA7AB2F08120663",
    ti: "9d00c4df",
    enc: "1309c877509e5a215007ff0ed19ca564",
    mac: "4c6626f5e72ea694202139295c7a7fc7",
  },
  {
    ours: "B98F4C50CF1C2E084FD150E33992B048",
    challenge: "B875CEB0E66A6C5CD00898DC371F92D1",
    token: "FF0306E47DFBC50087C4D8A78E88E62DE1E8BE457AA477C707E2F0874916A8B1",
    proof: "0CC9A8094A8EEA683ECAAC5C7BF20584206D0608D477110FC6B3D5D3F65C3A6A",
    ti: "7614281a",
    enc: "7a93d6571e4b180fca6ac90c9a7488d4",
    mac: "fc4af159b62e549b5812394cab1918cc",
  },
];

for (const { ours, challenge, token, proof, ti, enc, mac } of OPENINGS) {
  test(`session ${ti} is opened as AN12196 opens it, and not by a tag with another key`, (t) => {
    const proved = proveKey(cipher, zero, bytes(ours), bytes(challenge));
    t.is(toHex(proved.apdu), "90af000020" + token.toLowerCase() + "00");
    const session = openSession(cipher, zero, { ours: bytes(ours), theirs: proved.theirs }, bytes(proof));
    t.is(session && toHex(session.ti), ti);
    t.is(session && toHex(session.encryptionKey), enc);
    t.is(session && toHex(session.macKey), mac);
    const flipped = bytes(proof);
    flipped[5] ^= 1;
    t.is(openSession(cipher, zero, { ours: bytes(ours), theirs: proved.theirs }, flipped), null);
    t.is(openSession(cipher, zero, { ours: bytes(ours), theirs: proved.theirs }, bytes(proof).slice(1)), null);
  });
}

test("the question names the key", (t) => {
  t.is(toHex(askChallenge(3)), "9071000002030000");
});

test("a secret command is sealed as AN12196 §6.12 seals it, and its answer believed only with its MAC", (t) => {
  const session = {
    encryptionKey: bytes("7A93D6571E4B180FCA6AC90C9A7488D4"),
    macKey: bytes("FC4AF159B62E549B5812394CAB1918CC"),
    ti: bytes("7614281A"),
    counter: 0,
  };
  const { apdu, next } = secretCommand(cipher, session, 0x8d, bytes("030000000A0000"), bytes("0102030405060708090A"));
  t.is(toHex(apdu).toUpperCase(), "908D00001F030000000A00006B5E6804909962FC4E3FF5522CF0F8436C0C53315B9C73AA00");
  t.true(isAnswered(cipher, next, bytes("C26D236E4A7C046D9100")));
  t.false(isAnswered(cipher, next, bytes("C26D236E4A7C046C9100")));
  t.false(isAnswered(cipher, session, bytes("C26D236E4A7C046D9100")), "of another command");
  t.false(isAnswered(cipher, next, bytes("911E")));
});

test("a key goes over mixed with the one before and with its sum, the session's own as it is", (t) => {
  const fresh = bytes("F3847D627727ED3BC9C4CC050489B966");
  t.is(toHex(checkSum(fresh)), "789dfadc");
  t.is(toHex(keyChange(2, fresh, zero).data), toHex(fresh) + "01789dfadc");
  t.is(toHex(keyChange(2, fresh, fresh).data), "00".repeat(16) + "01789dfadc");
  t.is(toHex(keyChange(0, fresh, null).data), toHex(fresh) + "01");
});
