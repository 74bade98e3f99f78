/** Twenty tills on a virtual clock that fetch what they are offered, each with a fate of its own when it starts it. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHUNK_BYTES, terminalId, toHex, UPDATE_STATES } from "@trapeza/protocol";
import type { Release, UpdateState } from "@trapeza/protocol";
import { openWorld, SCHOOL, Speaker, terminal } from "../_school.test.js";
import type { Sent, World } from "../_school.test.js";
import { watchedOf } from "./watched.js";
import { Waves } from "./waves.js";

/** dead: starts it and is never heard again; off: is switched off while it fetches. */
export type Fate = "good" | "rolled_back" | "signature" | "dead" | "off";

export const TICK_MS = 10_000;
export const MINUTE = 60_000;
const STATUS_MS = 5 * MINUTE;
/** Two trials of ten minutes. */
const TRIALS_MS = 21 * MINUTE;

export class Till {
  firmware = "1.0";
  fate: Fate = "good";
  isOn = true;
  update: UpdateState = "none";
  readonly #speaker: Speaker;
  #offer: { readonly release: Uint8Array; readonly size: number } | null = null;
  #at = 0;
  #startsMs: number | null = null;
  #saidMs = 0;

  constructor(
    readonly fleet: Fleet,
    readonly id: number,
    sent: Sent[],
  ) {
    const { gateway } = fleet.world;
    // Decided once a tick for all of them.
    this.#speaker = new Speaker(
      { gateway: { receive: (to, frame) => gateway.receive(to, frame), flush: () => 0 }, sent },
      terminalId(id),
      "settlement",
    );
  }

  hello(): void {
    this.#speaker.bootEpoch++;
    this.#speaker.k = 0;
    this.#offer = null;
    this.#speaker.give(this.#speaker.helloFrame({ firmware: this.firmware }));
    this.fleet.world.gateway.flush();
    this.#speaker.read();
    this.#status();
  }

  #status(): void {
    this.#saidMs = this.fleet.world.time.nowMs;
    const update = UPDATE_STATES.indexOf(this.update);
    this.#speaker.ask({ kind: "Status", paper: "ok", reader: "ok", acceptor: "none", unsent: 0, freeMemory: 900, update });
  }

  /** A few seconds pass. */
  tick(): void {
    const { nowMs } = this.fleet.world.time;
    this.#speaker.read();
    for (const message of this.#speaker.heard.splice(0)) {
      if (message.kind === "Firmware" && this.update !== "rolled_back") [this.#offer, this.#at, this.update] = [message, 0, "fetching"];
      if (message.kind === "Chunk" && message.offset === this.#at) this.#at += message.bytes.length;
    }
    if (!this.isOn) return;
    if (this.#startsMs !== null) return nowMs >= this.#startsMs ? this.#start() : undefined;
    if (this.#offer && this.#at >= this.#offer.size) {
      this.#startsMs = nowMs + (this.fate === "rolled_back" ? TRIALS_MS : MINUTE);
    } else if (this.#offer) {
      if (this.fate === "off" && this.#at > 2 * CHUNK_BYTES) this.isOn = false;
      this.#speaker.give(this.#speaker.seal({ kind: "ChunkRequest", release: this.#offer.release, offset: this.#at }));
    }
    if (nowMs - this.#saidMs >= STATUS_MS) this.#status();
  }

  #start(): void {
    this.#startsMs = null;
    const release = this.fleet.releases.get(toHex(this.#offer?.release ?? new Uint8Array(8)));
    if (this.fate === "dead") this.isOn = false;
    else if (this.fate === "good" || this.fate === "off") [this.firmware, this.update] = [release?.manifest.version ?? "", "none"];
    else this.update = this.fate;
    if (this.isOn) this.hello();
  }
}

export class Fleet {
  readonly world: World;
  readonly folder = mkdtempSync(join(tmpdir(), "trapeza-waves-"));
  readonly releases = new Map<string, Release>();
  readonly tills: Till[];
  waves: Waves;

  constructor(count = 20) {
    const boxes = new Map<number, Sent[]>();
    const ids = Array.from({ length: count }, (_, i) => 100 + i);
    const tills = ids.map((id) => terminal(terminalId(id), "settlement"));
    const others = SCHOOL.filter((one) => one.kind !== "SetTerminal");
    this.world = openWorld(":memory:", [...others, ...tills], true, {
      send: (to, frame) => void boxes.get(to)?.push({ terminal: to, frame }),
      wanted: (id, runs) => this.waves.wanted(id, runs),
    });
    this.waves = this.open();
    this.tills = ids.map((id) => {
      const box: Sent[] = [];
      boxes.set(id, box);
      return new Till(this, id, box);
    });
    for (const till of this.tills) till.hello();
  }

  /** The waves as they lie on the disk. */
  open(): Waves {
    return new Waves({ folder: this.folder, nowMs: () => this.world.time.nowMs, log: { info: () => undefined, warn: () => undefined } });
  }

  put(release: Release): void {
    this.releases.set(toHex(release.id), release);
    writeFileSync(join(this.folder, `${release.manifest.kind}.release`), release.bytes);
    this.pass(TICK_MS);
  }

  pass(ms: number, look: () => void = () => undefined): void {
    const { world } = this;
    for (const end = world.time.nowMs + ms; world.time.nowMs < end;) {
      world.time.nowMs += TICK_MS;
      const there = this.tills.filter(({ isOn }) => isOn).map(({ id }) => id);
      this.waves.look(watchedOf(world.school, world.gateway.lastSeen(), there));
      world.gateway.flush();
      for (const till of this.tills) till.tick();
      look();
    }
  }

  /** How many run this version. */
  running(version: string): number {
    return this.tills.filter(({ firmware }) => firmware === version).length;
  }

  get wave() {
    const { wave } = this.waves.status().find(({ program }) => program === "settlement") ?? {};
    if (!wave) throw new Error("there is no wave");
    return wave;
  }

  till(id: number): Till {
    return this.tills.find((one) => one.id === id) as Till;
  }
}
