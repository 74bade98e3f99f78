import test from "ava";
import { sha256 } from "./_cipher.test.js";
import { fromHex, latinBytes, toHex } from "./bytes.js";
import { hmac, hmacKey } from "./hmac.js";

test("HMAC-SHA-256 gives RFC 4231's answers for a short key, a plain key and a key longer than a block", (t) => {
  const cases: [string, string, string][] = [
    ["0b".repeat(20), toHex(latinBytes("Hi There")), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"],
    [
      toHex(latinBytes("Jefe")),
      toHex(latinBytes("what do ya want for nothing?")),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ],
    [
      "aa".repeat(131),
      toHex(latinBytes("Test Using Larger Than Block-Size Key - Hash Key First")),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ],
  ];
  for (const [key, message, expected] of cases) {
    t.is(toHex(hmac(sha256, hmacKey(sha256, fromHex(key)!), fromHex(message)!)), expected);
  }
});
