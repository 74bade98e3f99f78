/** The clients of another broker's makers at our door: what they may do works, what nobody may do is refused, and said so in MQTT's own words. */
import { spawn, spawnSync } from "node:child_process";
import test from "ava";
import { mqttPassword, topicFor } from "@trapeza/protocol";
import { openBroker } from "../broker.js";
import { createAdmission } from "../admission.js";
import { sha256, terminalKey } from "../cipher.js";
import { KIOSK, SECRET, TILL } from "../_school.test.js";

const missing = spawnSync("mosquitto_pub", ["--help"]).error !== undefined;
const title = (what: string): string => (missing ? `${what} (no mosquitto_pub here; to have it: apt-get install mosquitto-clients)` : what);
const run = missing ? test.skip : test;

interface Ended {
  readonly code: number | null;
  readonly said: string;
}

function mosquitto(program: "mosquitto_pub" | "mosquitto_sub", port: number, args: readonly string[]): Promise<Ended> {
  return new Promise((done) => {
    const child = spawn(program, ["-h", "127.0.0.1", "-p", String(port), "-V", "mqttv311", ...args]);
    let said = "";
    child.stdout.on("data", (chunk) => (said += String(chunk)));
    child.stderr.on("data", (chunk) => (said += String(chunk)));
    child.on("close", (code) => done({ code, said }));
  });
}

const FIRST_K = 0x20202020;

/** A password has bytes that no command line takes; one in some hundred thousand is plain text. Every byte of the two counters is, too. */
function textPassword(): string {
  const key = terminalKey(SECRET, TILL, 1);
  for (let k = FIRST_K; k < FIRST_K + 5_000_000; k++) {
    const text = Buffer.from(mqttPassword(sha256, key, FIRST_K, k)).toString("latin1");
    if (/^[\x01-\x7f]+$/.test(text)) return text;
  }
  throw new Error("no password in plain letters was found");
}

async function door(accept: (user: number) => boolean = () => true) {
  const received: string[] = [];
  const log = { info: () => undefined, warn: () => undefined };
  const broker = await openBroker({
    ...{ host: "127.0.0.1", port: 0, log },
    admit: (terminal) => accept(terminal),
    receive: (terminal, frame) => void received.push(`${terminal} ${Buffer.from(frame).toString("latin1")}`),
  });
  return { broker, received };
}

const till = ["-i", String(TILL), "-u", String(TILL), "-P", "secret"];

run(title("mosquitto_pub speaks on a terminal's own topic, and mosquitto_sub hears what the gateway says to it"), async (t) => {
  const { broker, received } = await door();
  const said = await mosquitto("mosquitto_pub", broker.port, [...till, "-t", topicFor(TILL, "up"), "-m", "frame"]);
  t.is(said.code, 0, said.said);
  const hearing = mosquitto("mosquitto_sub", broker.port, [...till, "-t", topicFor(TILL, "down"), "-C", "1", "-W", "10"]);
  const speaking = setInterval(() => broker.send(TILL, new TextEncoder().encode("reply")), 50);
  const heard = await hearing;
  clearInterval(speaking);
  await broker.close();
  t.deepEqual(received, [`${TILL} frame`]);
  t.is(heard.said.trim(), "reply");
});

run(
  title(
    "they are refused where everybody is: wrong password, foreign name, foreign topics, wildcards, $SYS, retained, QoS 1, a session that lasts",
  ),
  async (t) => {
    const { broker, received } = await door();
    const locked = await door(() => false);
    const wrong = await mosquitto("mosquitto_pub", locked.broker.port, [...till, "-t", topicFor(TILL, "up"), "-m", "x"]);
    t.not(wrong.code, 0);
    t.regex(wrong.said, /not authorised/i);
    const bad: readonly (readonly ["mosquitto_pub" | "mosquitto_sub", ...string[]])[] = [
      ["mosquitto_pub", "-i", String(TILL), "-u", String(KIOSK), "-P", "x", "-t", topicFor(TILL, "up"), "-m", "x"],
      ["mosquitto_pub", ...till, "-t", topicFor(KIOSK, "up"), "-m", "x"],
      ["mosquitto_pub", ...till, "-t", topicFor(TILL, "down"), "-m", "x"],
      ["mosquitto_pub", ...till, "-t", "$SYS/broker/uptime", "-m", "x"],
      ["mosquitto_pub", ...till, "-t", topicFor(TILL, "up"), "-m", "x", "-r"],
      ["mosquitto_pub", ...till, "-t", topicFor(TILL, "up"), "-m", "x", "-q", "1"],
      ["mosquitto_sub", ...till, "-t", topicFor(KIOSK, "down"), "-W", "2"],
      ["mosquitto_sub", ...till, "-t", "#", "-W", "2"],
      ["mosquitto_sub", ...till, "-t", "t/+/d", "-W", "2"],
      ["mosquitto_sub", ...till, "-t", "$SYS/#", "-W", "2"],
      ["mosquitto_sub", ...till, "-c", "-t", topicFor(TILL, "down"), "-W", "2"],
    ];
    for (const [program, ...args] of bad) {
      const sent = setInterval(() => broker.send(KIOSK, new TextEncoder().encode("not for you")), 50);
      const { said } = await mosquitto(program, broker.port, args);
      clearInterval(sent);
      t.false(said.includes("not for you"), args.join(" "));
    }
    await Promise.all([broker.close(), locked.broker.close()]);
    t.deepEqual(received, []);
  },
);

run(title("a real password lets mosquitto_pub in once, and never again"), async (t) => {
  const received: string[] = [];
  const broker = await openBroker({
    ...{ host: "127.0.0.1", port: 0, log: { info: () => undefined, warn: () => undefined } },
    admit: createAdmission({ schoolSecret: SECRET, enrolmentOf: () => 1, connections: [], remember: () => undefined }),
    receive: (terminal, frame) => void received.push(`${terminal} ${Buffer.from(frame).toString("latin1")}`),
  });
  const password = textPassword();
  const args = ["-i", String(TILL), "-u", String(TILL), "-P", password, "-t", topicFor(TILL, "up"), "-m", "once"];
  const first = await mosquitto("mosquitto_pub", broker.port, args);
  const second = await mosquitto("mosquitto_pub", broker.port, args);
  await broker.close();
  t.is(first.code, 0, first.said);
  t.not(second.code, 0);
  t.deepEqual(received, [`${TILL} once`]);
});
