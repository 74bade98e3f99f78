/** What happens between terminals, gateway and cloud. */
import { fault, often, type BadDay } from "./bad-day.js";

const MOST_LATE_MS = 40_000;

/** What the broker, or somebody who has got between, does to a session's frames; TCP lets none of it through by itself. */
const MISHAPS: readonly ((frame: Uint8Array, day: BadDay) => readonly Uint8Array[])[] = [
  () => [],
  (frame) => [frame, frame],
  (frame, { random }) => [frame.slice(0, random.below(frame.length))],
  (frame, { random }) => {
    const flipped = new Uint8Array(frame);
    flipped[random.below(frame.length)] ^= 1 << random.below(8);
    return [flipped];
  },
];

/** For a while one frame in `oneIn` does not fare well. */
function badFrames(day: BadDay, oneIn: number): void {
  const { world, random } = day;
  const { weather } = world.lan;
  const usual = weather.frame;
  weather.frame = (direction, terminal, frame) => {
    if (frame.length === 0 || random.below(oneIn) > 0) return [frame];
    day.struck();
    const mishap = random.below(MISHAPS.length + 1);
    if (mishap < MISHAPS.length) return MISHAPS[mishap](frame, day);
    // Overtaken by what was sent later, perhaps by a whole session.
    world.clock.after(random.between(500, MOST_LATE_MS), () => world.lan.post(direction, terminal, frame));
    return [];
  };
  day.mend(random.between(60_000, 600_000), () => (weather.frame = usual));
}

/** Packets are lost and sent again: TCP brings everything, in order, and late. */
function slowWire(day: BadDay): void {
  const { world, random } = day;
  const { weather } = world.lan;
  const usual = weather.latencyMs;
  weather.latencyMs = () => (random.chance(8) ? random.between(200, 6000) : random.between(2, 60));
  day.struck();
  day.mend(random.between(60_000, 600_000), () => (weather.latencyMs = usual));
}

function badCloud(day: BadDay): void {
  const { world, random } = day;
  world.cloudLine.loses = () => {
    const dice = random.below(3);
    if (dice === 0) return null;
    day.struck();
    return dice === 1 ? "request" : "answer";
  };
  day.mend(random.between(60_000, 1_800_000), () => (world.cloudLine.loses = () => null));
}

export const NETWORK_FAULTS = {
  "cloud-away": fault("the school has no internet for a fifth of the day", (day) => {
    day.sometime(() => {
      if (!day.world.internet) return;
      day.world.internet = false;
      day.struck();
      day.mend(day.times(100) * 72_000, () => (day.world.internet = true));
    });
  }),
  "cloud-answers": often("requests to the cloud, or its answers to what it has already done, are lost", 2, badCloud),
  "cloud-failover": often("the cloud falls in the middle of a request, and another takes its place", 2, ({ world, random, struck }) =>
    world.failCloud(random.below(9), struck),
  ),
  cable: often("somebody pulls a terminal's network cable for seconds or minutes", 7, (day) => {
    const { world, random } = day;
    const { cable } = random.pick([...world.terminals.values()]);
    const outMs = random.chance(50) ? random.between(5000, 40_000) : random.between(40_000, 600_000);
    if (!cable.plugged) return;
    cable.pull();
    day.struck();
    day.mend(outMs, () => cable.plug());
  }),
  "half-open": often("a connection dies and neither end is told", 4, (day) => {
    if (day.world.lan.deafen(day.random.pick([...day.world.terminals.keys()]))) day.struck();
  }),
  "slow-wire": often("packets are lost and sent again, for minutes", 2, slowWire),
  frames: often("frames between terminals and gateway are lost, doubled, cut, damaged or overtaken", 3, (day) => badFrames(day, 12)),
};
