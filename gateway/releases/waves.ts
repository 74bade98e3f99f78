/**
 * The school's waves, one a program, durable before a terminal is offered anything: a crash leaves the wave of a moment ago, and terminals that took a release
 * are counted again by what their Hello says.
 */
import { toHex } from "@trapeza/protocol";
import type { Release } from "@trapeza/protocol";
import type { Log } from "../desk.js";
import { programOf, PROGRAMS } from "./offer.js";
import type { Program, Runs } from "./offer.js";
import { openShelf, readReleaseFile } from "./shelf.js";
import type { Shelf } from "./shelf.js";
import { forgetOthers, keptPath, readWaves, writeDurably, writeWaves } from "./wave-file.js";
import { beginWave, isThrough, nextStep, stepWave, wantedBy } from "./wave.js";
import type { Plan, Watched, Wave } from "./wave.js";

export const DEEDS = ["start", "pause", "resume", "next", "back"] as const;
export type Deed = (typeof DEEDS)[number];
/** Why a deed was not done. */
export type WaveRefusal = "no_release" | "no_wave" | "known_release" | "not_running" | "not_paused" | "stopped";

export interface ProgramStatus {
  readonly program: Program;
  /** Version of a release that was put there and that no wave is about. */
  readonly ready: string | null;
  readonly wave: Wave | null;
}

export interface WavesOptions {
  /** Where `<program>.release` is put. */
  readonly folder: string;
  readonly nowMs: () => number;
  readonly log: Log;
}

export class Waves {
  readonly #startMs: number;
  readonly #shelf: Shelf;
  readonly #kept = new Map<string, Release>();
  #waves: readonly Wave[];

  constructor(private readonly options: WavesOptions) {
    const { folder, nowMs, log } = options;
    this.#startMs = nowMs();
    this.#shelf = openShelf(folder, nowMs, log);
    this.#waves = readWaves(folder, log);
  }

  /** The release that a terminal is to run, `null` when it is well as it is. */
  wanted(terminal: number, runs: Runs): Release | null {
    const program = programOf(runs);
    const wave = this.#of(program);
    return wave && this.#keptRelease(program, wantedBy(wave, terminal, runs.firmware));
  }

  /** Looks at the terminals; what has changed is announced with the next batch. */
  look(terminals: readonly Watched[]): void {
    const { nowMs, log } = this.options;
    const next = this.#waves.map((wave) => stepWave(wave, terminals, nowMs(), this.#startMs));
    if (next.every((wave, i) => wave === this.#waves[i])) return;
    for (const wave of next) {
      const isNews = wave.trouble && this.#of(wave.program)?.state !== "stopped";
      if (isNews) log.warn({ program: wave.program, ...wave.trouble }, "a wave has stopped");
    }
    try {
      this.#keep(next);
    } catch (error) {
      // A full disk: what is not on it has not happened, so nobody is offered more than before.
      log.warn({ why: (error as Error).message }, "a wave cannot go on");
    }
  }

  /** Does what a person orders, durably, or says why not. */
  act(program: Program, deed: Deed, plan: Plan): WaveRefusal | null {
    const { nowMs, log } = this.options;
    if (deed === "start") return this.#start(program, plan);
    const wave = this.#of(program);
    if (!wave) return "no_wave";
    if (wave.state === "stopped") return this.#looked(wave, deed);
    if (deed === "pause" && wave.state !== "running") return "not_running";
    if (deed === "resume" && wave.state !== "paused") return "not_paused";
    if (deed === "next") this.#put(nextStep(wave, nowMs()));
    else if (deed === "resume") this.#put({ ...wave, state: "running", stepMs: nowMs() });
    else this.#put({ ...wave, state: deed === "pause" ? "paused" : "stopped" });
    log.info({ program, deed, version: wave.version }, "a wave was told what to do");
    return null;
  }

  status(): readonly ProgramStatus[] {
    return PROGRAMS.map((program) => {
      const [release, wave] = [this.#shelf(program), this.#of(program)];
      return { program, ready: release && toHex(release.id) !== wave?.release ? release.manifest.version : null, wave };
    });
  }

  #start(program: Program, plan: Plan): WaveRefusal | null {
    const { folder, nowMs } = this.options;
    const release = this.#shelf(program);
    const last = this.#of(program);
    if (!release) return "no_release";
    const id = toHex(release.id);
    if (last?.release === id && last.state !== "stopped") return "known_release";
    const before = last && isThrough(last) ? last.release : (last?.before ?? null);
    const former = before === id ? null : this.#keptRelease(program, before);
    // A terminal that has run a higher security version would refuse the way back.
    const isOpen = former !== null && former.manifest.securityVersion >= release.manifest.securityVersion;
    writeDurably(keptPath(folder, id), release.bytes);
    const { version } = release.manifest;
    this.#put(beginWave({ program, release: id, version, before: isOpen ? before : null }, plan, nowMs()));
    forgetOthers(folder, this.#waves);
    return null;
  }

  /** Looked at by a person: it stays stopped, and is no alarm any more. */
  #looked(wave: Wave, deed: Deed): WaveRefusal | null {
    if (deed !== "back" || !wave.trouble) return "stopped";
    this.#put({ ...wave, trouble: null });
    return null;
  }

  #of(program: Program): Wave | null {
    return this.#waves.find((wave) => wave.program === program) ?? null;
  }

  #put(wave: Wave): void {
    this.#keep(this.#waves.filter(({ program }) => program !== wave.program).concat(wave));
  }

  #keep(next: readonly Wave[]): void {
    writeWaves(this.options.folder, next);
    this.#waves = next;
  }

  #keptRelease(program: Program, id: string | null): Release | null {
    if (id === null) return null;
    const release = this.#kept.get(id) ?? readReleaseFile(keptPath(this.options.folder, id), program, this.options.log);
    if (release) this.#kept.set(id, release);
    return release;
  }
}
