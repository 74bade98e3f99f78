import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import test from "ava";
import * as wire from "@trapeza/protocol/chip";
import type { Channel, Cipher, Down, Hello, Packet, Result, Up, Welcome } from "@trapeza/protocol/chip";
import { createBenchClock } from "./bench.js";
import type { Config, Crypto, Flash, Network, SocketEvents } from "./board.js";
import * as link from "./link.js";
import { openOutbox, store, unsent, type Outbox } from "./outbox.js";

const sha256 = (data: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(data).digest());
const cipher: Cipher = {
  ecbBlock: (key, block) => new Uint8Array(createCipheriv("aes-128-ecb", key, null).setAutoPadding(false).update(block)),
  cfb8Encrypt: (key, iv, data) => new Uint8Array(createCipheriv("aes-128-cfb8", key, iv).update(data)),
  cfb8Decrypt: (key, iv, data) => new Uint8Array(createDecipheriv("aes-128-cfb8", key, iv).update(data)),
};
const crypto: Crypto = { sha256, cipher };
const config: Config = {
  terminal: 7,
  kind: "payment",
  key: new Uint8Array(32).fill(9),
  host: "gateway",
  port: 1883,
  line: "ccnet",
  printer: { page: 17, columns: 32, traits: 0 },
  ssid: "",
  password: "",
  keypad: "",
};
const SECTOR = 4096;

function memoryFlash(): Flash {
  const bytes = new Uint8Array(4 * SECTOR).fill(255);
  return {
    sectors: 4,
    sectorBytes: SECTOR,
    read: (sector, offset, length) => bytes.slice(sector * SECTOR + offset, sector * SECTOR + offset + length),
    write: (sector, offset, data) => data.forEach((byte, i) => (bytes[sector * SECTOR + offset + i] &= byte)),
    erase: (sector) => void bytes.fill(255, sector * SECTOR, (sector + 1) * SECTOR),
  };
}

/** As much of a gateway as a link can see: MQTT, the handshake, sealed frames. It keeps what it heard and answers when told to. */
class Gateway {
  readonly hellos: Hello[] = [];
  readonly passwords: string[] = [];
  readonly heard: { message: Up; counter: number }[] = [];
  reachable = true;
  /** Takes what comes and says nothing: a cable cut half-way. */
  deaf = false;
  answering: ((message: Up) => Result | null) | null = null;
  welcome: Partial<Welcome> = {};
  connections = 0;
  #events: SocketEvents | null = null;
  #up: Channel | null = null;
  #down: Channel | null = null;
  #counter = 0;

  /** `chunk`: how many bytes arrive at a time. */
  constructor(
    readonly clock: ReturnType<typeof createBenchClock>,
    readonly chunk = 1000,
  ) {}

  network: Network = {
    connect: (_host, _port, events) => {
      this.connections++;
      if (!this.reachable) return null;
      this.#events = events;
      return { write: (bytes) => this.#hear(bytes), end: () => (this.#events = null) };
    },
  };

  pull(): void {
    const events = this.#events;
    this.#events = null;
    events?.onClose();
  }

  #hear(bytes: Uint8Array): void {
    if (this.deaf) return;
    const packet = wire.scanPacket(bytes)?.packet;
    if (packet?.kind === "connect") {
      this.passwords.push(wire.toHex(packet.password));
      this.#send({ kind: "connack", code: 0 });
    } else if (packet?.kind === "subscribe") this.#send({ kind: "suback", id: packet.id, code: 0 });
    else if (packet?.kind === "pingreq") this.#send({ kind: "pingresp" });
    else if (packet?.kind === "publish") this.#frame(packet.payload);
  }

  #send(packet: Packet): void {
    const bytes = wire.encodePacket(packet);
    const events = this.#events;
    for (let at = 0; at < bytes.length; at += this.chunk) {
      const part = bytes.slice(at, at + this.chunk);
      this.clock.after(5, () => events === this.#events && events?.onData(part));
    }
  }

  deliver(payload: Uint8Array): void {
    this.#send({ kind: "publish", topic: "t/7/d", payload });
  }

  seal(message: Down): Uint8Array {
    const packed = wire.packDown(message);
    if (!this.#down) throw new Error("no session");
    return wire.sealFrame(this.#down, packed.kind, ++this.#counter, wire.isClearDown(packed.kind), packed.body);
  }

  #frame(frame: Uint8Array): void {
    if (wire.peek(frame)?.kind === wire.KIND_HANDSHAKE) return this.#greet(frame);
    const opened = this.#up && wire.openFrame(this.#up, wire.isClearUp, frame);
    if (!opened?.ok) return;
    const message = wire.unpackUp(opened);
    if (!message.ok) throw new Error(message.malformed.what);
    this.heard.push({ message: message.value, counter: opened.counter });
    const result = this.answering?.(message.value);
    if (result) this.deliver(this.seal({ kind: "Reply", re: opened.counter, result }));
  }

  #greet(frame: Uint8Array): void {
    const opened = wire.openHandshake(sha256, wire.helloKey(sha256, config.key), "up", frame);
    const hello = opened.ok && wire.decode(wire.helloSchema, opened.body);
    if (!hello || !hello.ok) throw new Error("hello");
    this.hellos.push(hello.value);
    const zero = {
      epoch: 1,
      atMs: 1000,
      zoneMinutes: 180,
      date: 20777,
      incarnation: 1,
      policyVersion: 0,
      menuVersion: 0,
      haveUpTo: 0,
      safeUpTo: 0,
    };
    const fresh = { nonceEcho: hello.value.nonce, nonce: new Uint8Array(16).fill(3), resumeToken: new Uint8Array(8).fill(5) };
    const body = wire.encode(wire.welcomeSchema, { ...zero, ...fresh, service: "open", ...this.welcome });
    const welcome = wire.sealHandshake(sha256, wire.helloKey(sha256, config.key), "down", body);
    const keys = wire.sessionKeys(sha256, config.key, frame, welcome);
    this.#up = { sha256, cipher, direction: "up", encryption: keys.upEncryption, tag: keys.upTag };
    this.#down = { sha256, cipher, direction: "down", encryption: keys.downEncryption, tag: keys.downTag };
    this.#counter = 0;
    this.deliver(welcome);
  }
}

interface Bench {
  readonly clock: ReturnType<typeof createBenchClock>;
  readonly gateway: Gateway;
  readonly outbox: Outbox;
  readonly link: link.Link;
  readonly story: string[];
  inside: boolean;
}

function bench(chunk?: number, outbox = openOutbox(memoryFlash(), sha256)): Bench {
  const clock = createBenchClock();
  const gateway = new Gateway(clock, chunk);
  const story: string[] = [];
  const made = link.createLink(
    { config, crypto, network: gateway.network, clock, outbox, firmware: "test" },
    {
      onUp: (_welcome, service) => story.push(`up ${service}`),
      onDown: () => story.push("down"),
      onMessage: (message) => story.push(message.kind),
      onAnswer: (tag, result) => story.push(`${tag}: ${result ? result.kind : "no answer"}`),
      onOutcome: (n, result) => story.push(`${n}: ${result.kind}`),
      mayConnect: () => !self.inside,
    },
  );
  const self: Bench = { clock, gateway, outbox, link: made, story, inside: false };
  return self;
}

const recorded: Result = { kind: "Recorded" };

function operate(self: Bench): number {
  const n = self.outbox.state.lastN + 1;
  const packed = wire.packUp({ kind: "Receipt", n, when: { date: 0, sinceMs: 0, known: false }, of: 1, outcome: "printed" });
  const stored = store(self.outbox, packed.kind, packed.body, 0);
  link.hurry(self.link);
  return stored;
}

for (const chunk of [1000, 1, 7]) {
  test(`connects, greets, asks and is answered when ${chunk} bytes arrive at a time`, (t) => {
    const self = bench(chunk);
    self.gateway.answering = () => recorded;
    link.startLink(self.link);
    self.clock.advance(1000);
    link.ask(self.link, "tap", { kind: "Tap", uid: wire.cardUid("11223344"), total: null, sun: null });
    self.clock.advance(1000);
    t.deepEqual(self.story, ["up open", "tap: Recorded"]);
    t.like(self.gateway.hellos[0], { terminalKind: "payment", bootEpoch: 1, lastN: 0, firmware: "test" });
  });
}

test("a question without an answer is asked three times under new counters and then given up", (t) => {
  const self = bench();
  link.startLink(self.link);
  self.clock.advance(1000);
  link.ask(self.link, "tap", { kind: "Tap", uid: wire.cardUid("11223344"), total: null, sun: null });
  self.clock.advance(10_000);
  t.deepEqual(
    self.gateway.heard.map((one) => one.counter),
    [1, 2, 3],
  );
  t.is(self.story.at(-1), "tap: no answer");
});

test("a late answer to the first try is an answer", (t) => {
  const self = bench();
  link.startLink(self.link);
  self.clock.advance(1000);
  link.ask(self.link, "tap", { kind: "Tap", uid: wire.cardUid("11223344"), total: null, sun: null });
  self.clock.advance(2000);
  t.is(self.gateway.heard.length, 2);
  self.gateway.deliver(self.gateway.seal({ kind: "Reply", re: 1, result: recorded }));
  self.clock.advance(100);
  t.is(self.story.at(-1), "tap: Recorded");
});

test("operations go one after the other, in order, with the same bytes on every try, until each is answered", (t) => {
  const self = bench();
  link.startLink(self.link);
  self.clock.advance(1000);
  operate(self);
  operate(self);
  self.clock.advance(7000);
  const first = self.gateway.heard.map((one) => one.message);
  t.true(first.length >= 2);
  for (const message of first) t.deepEqual(message, first[0]);
  self.gateway.answering = () => recorded;
  self.clock.advance(8000);
  t.deepEqual(self.story, ["up open", "1: Recorded", "2: Recorded"]);
  t.is(unsent(self.outbox), 0);
});

test("what was stored with the cable out is sent when it is in again, also by the next start", (t) => {
  const self = bench();
  self.gateway.answering = () => recorded;
  link.startLink(self.link);
  self.clock.advance(1000);
  self.gateway.reachable = false;
  self.gateway.pull();
  operate(self);
  self.clock.advance(20_000);
  t.deepEqual(self.story, ["up open", "down"]);
  const next = bench(undefined, openOutbox(self.outbox.flash, sha256));
  next.gateway.answering = () => recorded;
  link.startLink(next.link);
  next.clock.advance(3000);
  t.deepEqual(next.story, ["up open", "1: Recorded"]);
  t.is(next.gateway.hellos[0].bootEpoch, 2);
});

test("an answer that the gateway gave and we never heard is asked for again under the same number", (t) => {
  const self = bench();
  link.startLink(self.link);
  self.clock.advance(1000);
  operate(self);
  self.clock.advance(100);
  self.gateway.pull();
  self.gateway.answering = () => recorded;
  self.clock.advance(5000);
  const asked = self.gateway.heard.map((one) => (one.message.kind === "Receipt" ? one.message.n : 0));
  t.deepEqual(asked, [1, 1]);
  t.is(self.story.at(-1), "1: Recorded");
});

test("passwords and Hellos never repeat", (t) => {
  const self = bench();
  link.startLink(self.link);
  for (let i = 0; i < 4; i++) {
    self.clock.advance(5000);
    self.gateway.pull();
  }
  t.is(new Set(self.gateway.passwords).size, self.gateway.passwords.length);
  t.true(self.gateway.passwords.length >= 4);
  const ks = self.gateway.hellos.map((hello) => hello.k);
  t.deepEqual(
    ks,
    ks.slice().sort((a, b) => a - b),
  );
  t.is(new Set(ks).size, ks.length);
});

test("a gateway that does not answer is knocked at less and less often, and never with a note inside", (t) => {
  const self = bench();
  self.gateway.reachable = false;
  link.startLink(self.link);
  self.clock.advance(60_000);
  t.true(self.gateway.connections >= 5 && self.gateway.connections <= 8, String(self.gateway.connections));
  self.inside = true;
  const before = self.gateway.connections;
  self.clock.advance(120_000);
  t.is(self.gateway.connections, before);
});

test("a line that is silent in spite of pings is dropped", (t) => {
  const self = bench();
  link.startLink(self.link);
  self.clock.advance(1000);
  self.clock.advance(60_000);
  t.deepEqual(self.story, ["up open"], "pings keep it alive");
  self.gateway.deaf = true;
  self.clock.advance(30_000);
  t.is(self.story.at(-1), "down");
});

test("a replayed frame, a frame with a bad tag and a frame of nonsense change nothing", (t) => {
  const self = bench();
  link.startLink(self.link);
  self.clock.advance(1000);
  const frame = self.gateway.seal({ kind: "Time", atMs: 5, date: 6 });
  self.gateway.deliver(frame);
  self.gateway.deliver(frame);
  const broken = Uint8Array.from(self.gateway.seal({ kind: "Time", atMs: 7, date: 6 }));
  broken[7] ^= 1;
  self.gateway.deliver(broken);
  self.gateway.deliver(new Uint8Array([1, 2, 3]));
  self.clock.advance(1000);
  t.deepEqual(self.story, ["up open", "Time"]);
});

test("a Welcome of an older journal is not believed", (t) => {
  const self = bench();
  self.gateway.welcome = { epoch: 5 };
  link.startLink(self.link);
  self.clock.advance(1000);
  self.gateway.pull();
  self.gateway.welcome = { epoch: 4 };
  self.clock.advance(4000);
  t.deepEqual(self.story, ["up open", "down"]);
});

test("a gateway that takes our flash for a copy gets no operation, and we are closed", (t) => {
  const self = bench();
  self.gateway.answering = () => recorded;
  link.startLink(self.link);
  self.clock.advance(1000);
  self.gateway.pull();
  self.gateway.welcome = { resumeToken: new Uint8Array(8), service: "no_cash" };
  operate(self);
  self.clock.advance(5000);
  t.deepEqual(self.story, ["up open", "down", "up closed"]);
  t.is(unsent(self.outbox), 1);
});

test("Rehello is a hint: believed once in a while, and it leads to a new Hello on the same line", (t) => {
  const self = bench();
  link.startLink(self.link);
  self.clock.advance(10_000);
  const frame = new Uint8Array(13);
  frame[0] = wire.WIRE_VERSION * 64 + wire.downTags.tagOf("Rehello");
  self.gateway.deliver(frame);
  self.gateway.deliver(frame);
  self.clock.advance(1000);
  t.is(self.gateway.hellos.length, 2);
  t.is(self.gateway.connections, 1);
});

test("a session that was open is told to be gone, also when it is lost while it begins anew", (t) => {
  const self = bench();
  link.startLink(self.link);
  self.clock.advance(10_000);
  const frame = new Uint8Array(13);
  frame[0] = wire.WIRE_VERSION * 64 + wire.downTags.tagOf("Rehello");
  self.gateway.deliver(frame);
  self.gateway.deaf = true;
  self.clock.advance(100);
  t.deepEqual(self.story, ["up open"]);
  self.gateway.reachable = false;
  self.clock.advance(6000);
  t.deepEqual(self.story, ["up open", "down"]);
  self.clock.advance(60_000);
  t.deepEqual(self.story, ["up open", "down"], "told once");
});

test("an answer that was given and never heard is asked for again, although the gateway says it has the operation", (t) => {
  const self = bench();
  link.startLink(self.link);
  self.clock.advance(1000);
  operate(self);
  self.clock.advance(100);
  self.gateway.pull();
  self.gateway.welcome = { haveUpTo: 1, safeUpTo: 1 };
  self.gateway.answering = () => recorded;
  self.clock.advance(5000);
  t.is(self.story.at(-1), "1: Recorded");
  operate(self);
  self.clock.advance(5000);
  t.is(self.story.at(-1), "2: Recorded");
});

test("an operation that the flash has lost does not hold up those behind it", (t) => {
  const flash = memoryFlash();
  const self = bench(undefined, openOutbox(flash, sha256));
  link.startLink(self.link);
  self.clock.advance(1000);
  operate(self);
  operate(self);
  self.outbox.places[0] = -1;
  self.gateway.answering = () => recorded;
  self.clock.advance(8000);
  t.deepEqual(self.story, ["up open", "1: Recorded", "2: Recorded"]);
});
