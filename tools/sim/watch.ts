/** `npm run sim -- --watch`: simulated days as they pass, drawn over and over in the same lines of a terminal. */
import { formatMoment } from "@trapeza/simulators";

/** Where it is drawn. */
export interface Glass {
  readonly columns: number;
  write(text: string): void;
}

export interface Watched {
  readonly seed: number;
  readonly size: string;
  /** Calendar days that will pass. */
  readonly days: number;
}

export interface Watch {
  /** Something has happened. */
  story(atMs: number, line: string): void;
  /** The last picture stays. */
  end(): void;
}

/** An eye does not follow faster, and a slow line to a far terminal not at all. */
const DRAW_MS = 100;
const LAST_LINES = 10;
const BAR = 30;
const DAY_MS = 86_400_000;

/** What a line of the story counts as. */
const COUNTED = {
  people: /^\d+\. /,
  entries: /^ {2}journal /,
  faults: /^fault /,
  "gave up": / gives up: /,
  violations: /^VIOLATION /,
} as const;

/** `nowMs`: of a clock on the wall. */
export function createWatch(glass: Glass, { seed, size, days }: Watched, nowMs: () => number): Watch {
  const counts = Object.keys(COUNTED).map((name) => ({ name, pattern: COUNTED[name as keyof typeof COUNTED], count: 0 }));
  const last: string[] = [];
  let beganMs: number | null = null;
  let atMs = 0;
  let drawnMs = Number.NEGATIVE_INFINITY;
  let height = 0;

  function lines(): string[] {
    const day = Math.min(days, 1 + Math.floor((atMs - (beganMs ?? atMs)) / DAY_MS));
    const full = Math.floor((BAR * (day - 1)) / days);
    return [
      `seed ${seed}, ${size}  ${"#".repeat(full)}${".".repeat(BAR - full)}  day ${day} of ${days}  ${formatMoment(atMs)}`,
      counts.map(({ name, count }) => `${count} ${name}`).join(", "),
      ...last,
    ];
  }
  function draw(): void {
    drawnMs = nowMs();
    const back = height > 0 ? `\u001b[${height}A\u001b[J` : "";
    const picture = lines().map((line) => line.slice(0, Math.max(1, glass.columns - 1)) + "\n");
    height = picture.length;
    glass.write(back + picture.join(""));
  }

  return {
    story(at, line) {
      beganMs ??= at;
      atMs = at;
      for (const one of counts) if (one.pattern.test(line)) one.count++;
      last.push(`${formatMoment(at)}  ${line.trim()}`);
      if (last.length > LAST_LINES) last.shift();
      if (nowMs() - drawnMs >= DRAW_MS) draw();
    },
    end: draw,
  };
}
