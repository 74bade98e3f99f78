import test from "ava";
import { createVerifierKey, formatVerifierKey, toHex } from "@trapeza/protocol";
import { sha256 } from "./cipher.js";
import { isWeak, parseGatewayConfig, readGatewayConfig } from "./config.js";
import { seededRandom } from "./journal/_journal.test.js";

const random = seededRandom("config");
const key = formatVerifierKey(createVerifierKey(sha256, "trapeza.example", "ed25519", random(32)));
const good = {
  dataDir: "data",
  house: "trapeza.example",
  school: 7,
  epoch: 1,
  schoolSecret: toHex(random(32)),
  gatewaySeed: toHex(random(32)),
  statusPassword: "five small keys",
};
const cloud = { url: "https://cloud.example", gateway: "g7", key };

test("what is not said has its default, except what is secret", (t) => {
  t.like(parseGatewayConfig(good), { mqttHost: "127.0.0.1", mqttPort: 1883, httpPort: 8084, cloud: null, logLevel: "info" });
  t.is(parseGatewayConfig({ ...good, cloud }).cloud?.key.name, "trapeza.example");
});

const wrong: [title: string, change: object, says: string][] = [
  ["a missing folder", { dataDir: undefined }, "dataDir is not set; it must be a folder that this user may write to"],
  ["a school that is text", { school: "7" }, 'school is "7"; it must be a whole number from 1 to 999999999'],
  ["a port out of range", { mqttPort: 70000 }, "mqttPort is 70000; it must be a whole number from 0 to 65535"],
  ["a house in capitals", { house: "Trapeza" }, 'house is "Trapeza"; it must be a domain in small letters, as trapeza.example'],
  ["an unknown setting", { mqttprot: 1 }, "mqttprot is 1; it must be one of dataDir, "],
  ["no secret", { schoolSecret: undefined }, "schoolSecret is not set; it must be hex of 32 to 64 bytes from a cryptographic generator"],
  [
    "a short secret",
    { schoolSecret: "00ff" },
    'schoolSecret is "(not shown)"; it must be hex of 32 to 64 bytes from a cryptographic generator',
  ],
  [
    "a secret of one byte",
    { schoolSecret: "5a".repeat(32) },
    'schoolSecret is "(not shown)"; it must be hex of 32 to 64 bytes from a cryptographic generator, this one is a pattern',
  ],
  [
    "no password for the status page",
    { statusPassword: undefined },
    "statusPassword is not set; it must be a password of 10 to 200 characters",
  ],
  ["a password of one letter", { statusPassword: "aaaaaaaaaaaa" }, 'statusPassword is "(not shown)"; it must be a password'],
  ["an InfluxDB without an address", { influx: { database: "school" } }, "influx.url is not set; it must be an address"],
  ["a log level", { logLevel: "loud" }, 'logLevel is "loud"; it must be one of silent, warn, info, debug'],
  [
    "a cloud without TLS",
    { cloud: { ...cloud, url: "http://cloud.example" } },
    'cloud.url is "http://cloud.example"; it must be https, or http to this machine itself',
  ],
  [
    "a mangled key",
    { cloud: { ...cloud, key: key.slice(0, -4) + "AAA=" } },
    `cloud.key is "${key.slice(0, -4)}AAA="; it must be the cloud's verifier key`,
  ],
];
for (const [title, change, says] of wrong) {
  test("stops the start: " + title, (t) => {
    const error = t.throws(() => parseGatewayConfig({ ...good, ...change }));
    t.is(error?.message.slice(0, says.length), says);
  });
}

test("secrets that a hand would type are patterns", (t) => {
  const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
  const weak = [
    new Uint8Array(32),
    Uint8Array.from({ length: 32 }, (_, i) => i),
    Uint8Array.from({ length: 64 }, (_, i) => 255 - 2 * i),
    ascii("correct horse battery staple 2026!"),
  ];
  for (const secret of weak) t.true(isWeak(secret), toHex(secret));
  for (let i = 0; i < 1000; i++) t.false(isWeak(random(32)));
});

test("a file that is not there is named", (t) => {
  t.is(
    t.throws(() => readGatewayConfig("/nowhere/gateway.json"))?.message,
    'TRAPEZA_GATEWAY_CONFIG is "/nowhere/gateway.json"; it must be a file that can be read',
  );
  t.regex(t.throws(() => readGatewayConfig(undefined))?.message ?? "", /^TRAPEZA_GATEWAY_CONFIG is not set; /);
});
