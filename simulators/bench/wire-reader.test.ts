import test from "ava";
import { cipher, sha256 } from "@trapeza/gateway";
import {
  concat,
  encode,
  encodePacket,
  helloKey,
  helloSchema,
  packDown,
  packUp,
  sealFrame,
  sealHandshake,
  sessionKeys,
  topicFor,
  toByteText,
  welcomeSchema,
} from "@trapeza/protocol";
import type { Channel, Direction, Kopecks } from "@trapeza/protocol";
import { describeNetwork } from "./describe-network.js";
import { createWireReader } from "./wire-reader.js";
import { ENGLISH } from "./words.en.js";

const KEY = sha256(new Uint8Array([1]));
const publish = (direction: Direction, payload: Uint8Array) => encodePacket({ kind: "publish", topic: topicFor(3, direction), payload });

/** A conversation as it runs over the wire: greeting, a question, its answer. */
function conversation() {
  const key = helloKey(sha256, KEY);
  const token = new Uint8Array(8).fill(9);
  const hello = sealHandshake(
    sha256,
    key,
    "up",
    encode(helloSchema, {
      ...{
        terminalKind: "settlement",
        firmware: "0.1.0",
        bootEpoch: 1,
        k: 2,
        incarnation: 0,
        lastN: 0,
        answered: 0,
        line: "none",
        resumeToken: token,
      },
      ...{ heardEpoch: 0, heardSize: 0, nonce: new Uint8Array(16) },
    }),
  );
  const welcome = sealHandshake(
    sha256,
    key,
    "down",
    encode(welcomeSchema, {
      ...{ nonceEcho: new Uint8Array(16), nonce: new Uint8Array(16), epoch: 1, atMs: 0, zoneMinutes: 180, date: 1, incarnation: 1 },
      ...{ policyVersion: 0, menuVersion: 0, haveUpTo: 0, safeUpTo: 0, resumeToken: token, service: "open" },
    }),
  );
  const keys = sessionKeys(sha256, KEY, hello, welcome);
  const up: Channel = { sha256, cipher, direction: "up", encryption: keys.upEncryption, tag: keys.upTag };
  const down: Channel = { sha256, cipher, direction: "down", encryption: keys.downEncryption, tag: keys.downTag };
  const fee = packUp({ kind: "Log", text: toByteText("note repeated") });
  const { kind, body } = packDown({
    kind: "Reply",
    re: 1,
    result: { kind: "FeeTaken", name: toByteText("Анна Б."), account: "7" as never, amount: 5000 as Kopecks },
  });
  return {
    hello: publish("up", hello),
    welcome: publish("down", welcome),
    question: publish("up", sealFrame(up, fee.kind, 1, false, fee.body)),
    answer: publish("down", sealFrame(down, kind, 1, false, body)),
  };
}

const text = (told: ReturnType<ReturnType<typeof createWireReader>["take"]>): string => describeNetwork(told, 0, ENGLISH).text;

test("with the terminal's key a session is read from its Hello on, and tokens stay hidden", (t) => {
  const { hello, welcome, question, answer } = conversation();
  const reader = createWireReader(KEY);
  t.regex(text(reader.take("up", hello)), /^hello: terminalKind settlement, firmware 0\.1\.0/);
  const greeting = text(reader.take("down", welcome));
  t.regex(greeting, /^welcome: .*service open/);
  t.regex(greeting, /resumeToken •••/);
  t.is(text(reader.take("up", question)), "log 1: text note repeated");
  t.is(text(reader.take("down", answer)), "reply to 1, service paid: name Анна Б., account 7, amount 5000");
});

test("pieces are put together, and several packets in one are told apart", (t) => {
  const { hello, welcome, question, answer } = conversation();
  const reader = createWireReader(KEY);
  for (const byte of hello) reader.take("up", new Uint8Array([byte]));
  t.is(reader.take("down", concat([welcome, answer])).length, 2);
  t.regex(text(reader.take("up", concat([question, question]))), /log 1: .*; log 1: /);
});

test("another key, or a session whose beginning was missed, stays shut", (t) => {
  const { hello, welcome, question } = conversation();
  const stranger = createWireReader(sha256(new Uint8Array([2])));
  for (const [direction, bytes] of [
    ["up", hello],
    ["down", welcome],
    ["up", question],
  ] as const)
    t.regex(text(stranger.take(direction, bytes)), /^MQTT: frame t\/3\//);
  t.regex(text(createWireReader(KEY).take("up", question)), /^MQTT: frame/);
  t.regex(text(createWireReader(null).take("up", hello)), /^MQTT: frame/);
});

test("noise does not stop it", (t) => {
  const reader = createWireReader(KEY);
  t.deepEqual(reader.take("up", new Uint8Array([0xf0, 0, 1, 2, 3])), [{ packet: null, read: null }]);
  t.regex(text(reader.take("up", conversation().hello)), /^hello/);
});
