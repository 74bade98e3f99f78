import { readFileSync } from "node:fs";
import test from "ava";
import fc from "fast-check";
import { fromHex, toHex } from "../wire/bytes.js";
import { decryptBlock, encryptBlock } from "./_aes.test.js";
import { sunIn } from "../devices/pn532.js";
import { cmac, paddedCmac } from "./cmac.js";
import { diversifiedKey, sectorKey } from "./diversify.js";
import { sunMac, verifySun } from "./sun.js";
import type { SunKeys, SunMessage } from "./sun.js";
import { compareTickets, openTicket, sealTicket } from "./ticket.js";

const vectors = JSON.parse(readFileSync(new URL("../../vectors/cards.json", import.meta.url), "utf8"));
const bytes = (hex: string): Uint8Array => fromHex(hex)!;
const cipher = { encryptBlock, decryptBlock };

for (const { message, mac } of vectors.cmac.cases) {
  test(`CMAC of ${message.length / 2} bytes is RFC 4493's`, (t) => {
    t.is(toHex(cmac(encryptBlock, bytes(vectors.cmac.key), bytes(message))), mac);
  });
}

for (const { master, input, key } of vectors.diversify) {
  test(`the key of ${input} is made as AN10922 makes it`, (t) => {
    t.is(toHex(diversifiedKey(encryptBlock, bytes(master), bytes(input))), key);
  });
}

test("a short input is filled to two blocks, not to one", (t) => {
  const { master, input, key } = vectors.diversify[2];
  t.not(toHex(cmac(encryptBlock, bytes(master), bytes("01" + input))), key);
});

test("no input, or one that does not fit, is refused", (t) => {
  const master = bytes(vectors.diversify[0].master);
  for (const length of [0, 32]) t.throws(() => diversifiedKey(encryptBlock, master, new Uint8Array(length)));
  t.throws(() => paddedCmac(encryptBlock, master, new Uint8Array(33), 2));
});

test("every card, sector, side and system has a sector key of its own", (t) => {
  const master = bytes(vectors.diversify[0].master);
  const keys = new Set<string>();
  for (const uid of ["11223344", "11223345"]) {
    for (const system of ["00", "01"]) {
      for (let sector = 0; sector < 16; sector++) {
        for (const which of ["A", "B"] as const) {
          const key = sectorKey(encryptBlock, master, bytes(uid), sector, which, bytes(system));
          t.is(key.length, 6);
          keys.add(toHex(key));
        }
      }
    }
  }
  t.is(keys.size, 2 * 2 * 16 * 2);
});

for (const { metaKey, fileKey, picc, data, mac, uid, counter } of vectors.sun) {
  test(`a tap of ${uid}, number ${counter}, is verified; one flipped bit and it is not`, (t) => {
    const keys: SunKeys = {
      metaKey: bytes(metaKey),
      fileKeyFor: (asked) => {
        if (toHex(asked) !== uid) return new Uint8Array(16).fill(0xee);
        return bytes(fileKey);
      },
    };
    const message: SunMessage = { picc: bytes(picc), data: bytes(data), mac: bytes(mac) };
    t.deepEqual(verifySun(cipher, keys, message), { ok: true, uid, counter });
    for (const part of ["picc", "data", "mac"] as const) {
      for (let bit = 0; bit < message[part].length * 8; bit++) {
        const flipped = message[part].slice();
        flipped[bit >> 3] ^= 1 << (bit & 7);
        t.false(verifySun(cipher, keys, { ...message, [part]: flipped }).ok, `${part} bit ${bit}`);
      }
    }
  });
}

test("a tag that mirrors UID and counter in the clear makes the same MAC", (t) => {
  // sdm-backend's plain example, factory key.
  t.is(toHex(sunMac(encryptBlock, new Uint8Array(16), bytes("041e3c8a2d6b80"), 6, new Uint8Array(0))), "4b00064004b0b3d3");
});

test("another school's key makes a tag foreign, another file key makes its MAC wrong, a wrong length is malformed", (t) => {
  const [published] = vectors.sun;
  const message: SunMessage = { picc: bytes(published.picc), data: new Uint8Array(0), mac: bytes(published.mac) };
  const zero = new Uint8Array(16);
  const one = new Uint8Array(16).fill(1);
  t.deepEqual(verifySun(cipher, { metaKey: one, fileKeyFor: () => zero }, message), { ok: false, reason: "foreign" });
  t.deepEqual(verifySun(cipher, { metaKey: zero, fileKeyFor: () => one }, message), { ok: false, reason: "wrong_mac" });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 12 }), (picc, mac) => {
      const verdict = verifySun(cipher, { metaKey: zero, fileKeyFor: () => zero }, { ...message, picc, mac });
      if (picc.length !== 16 || mac.length !== 8) t.deepEqual(verdict, { ok: false, reason: "malformed" });
      else t.false(verdict.ok);
    }),
  );
});

for (const { uid, epoch, counter, block } of vectors.ticket.cases) {
  test(`ticket ${epoch}/${counter} of ${uid} is sealed and opened; one flipped bit and it is none`, (t) => {
    const key = bytes(vectors.ticket.key);
    t.is(toHex(sealTicket(encryptBlock, key, bytes(uid), { epoch, counter })), block);
    t.deepEqual(openTicket(encryptBlock, key, bytes(uid), bytes(block)), { epoch, counter });
    for (let bit = 0; bit < 128; bit++) {
      const flipped = bytes(block);
      flipped[bit >> 3] ^= 1 << (bit & 7);
      t.is(openTicket(encryptBlock, key, bytes(uid), flipped), null);
    }
  });
}

test("a ticket is of one card, one key and one length, and an empty block is none", (t) => {
  const { key, cases } = vectors.ticket;
  const [first, , other] = cases;
  t.is(openTicket(encryptBlock, bytes(key), bytes(other.uid), bytes(first.block)), null);
  t.is(openTicket(encryptBlock, new Uint8Array(16), bytes(first.uid), bytes(first.block)), null);
  t.is(openTicket(encryptBlock, bytes(key), bytes(first.uid), bytes(first.block).slice(1)), null);
  t.is(openTicket(encryptBlock, bytes(key), bytes(first.uid), new Uint8Array(16)), null);
});

test("a later epoch's ticket is the later one whatever its counter", (t) => {
  t.true(compareTickets({ epoch: 2, counter: 1 }, { epoch: 1, counter: 9 }) > 0);
  t.true(compareTickets({ epoch: 1, counter: 1 }, { epoch: 1, counter: 2 }) < 0);
  t.is(compareTickets({ epoch: 1, counter: 2 }, { epoch: 1, counter: 2 }), 0);
});

test("what a terminal takes out of a tag's file is what the gateway verifies", (t) => {
  const { file, sun, uid } = vectors.ndef;
  const found = sunIn(bytes(file))!;
  t.is(toHex(found), sun);
  const keys: SunKeys = { metaKey: new Uint8Array(16), fileKeyFor: () => new Uint8Array(16) };
  const message = { picc: found.slice(0, 16), data: new Uint8Array(0), mac: found.slice(16) };
  t.like(verifySun(cipher, keys, message), { ok: true, uid });
});
