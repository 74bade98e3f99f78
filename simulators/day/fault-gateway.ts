/** What happens to the gateway, and to a terminal for good. */
import { often, type BadDay } from "./bad-day.js";

const DAY_MS = 86_400_000;
const MOMENTS = ["now", "before the write", "behind the write", "behind the write"] as const;

export const GATEWAY_FAULTS = {
  "gateway-cut": often("the gateway loses its power: at any moment, or on either side of a write", 5, (day) => {
    const { world, random } = day;
    const moment = random.pick(MOMENTS);
    world.cutGateway(moment, random.between(2000, 120_000), () => {
      day.struck();
      if (moment !== "now") day.seen(moment === "before the write" ? "beforeWrite" : "behindWrite");
    });
  }),
  "gateway-clock": often("the gateway's clock is wrong by minutes for a while", 1, (day) => {
    const { world, random } = day;
    world.gatewayState.skewMs = random.between(-240_000, 240_000);
    day.struck();
    day.mend(random.between(60_000, 900_000), () => (world.gatewayState.skewMs = 0));
  }),
  "disk-fails": often("the gateway's disk fails in the middle of a write, and of some that follow", 4, ({ world, random, struck }) => {
    let left = random.between(1, 3);
    world.gatewayState.failsWrite = () => {
      if (left === 0) return false;
      left--;
      struck();
      return true;
    };
  }),
  "disk-low": often("the gateway's disk has no room but the reserve", 1, (day) => {
    day.world.gatewayState.freeBytes = 0;
    day.struck();
    day.mend(day.random.between(30_000, 300_000), () => (day.world.gatewayState.freeBytes = 1 << 30));
  }),
};

/** Done in the evening, when everybody has gone; `offMs`: until somebody comes again. */
export const NIGHT_FAULTS = {
  "switched-off": {
    what: "whoever leaves last switches the gateway off, most often for the weekend",
    arrange({ world, random, struck }: BadDay, offMs: number): void {
      if (random.chance(offMs > DAY_MS ? 80 : 25)) world.cutGateway("now", offMs, struck);
    },
  },
};

/** Done at night: a day begins with another machine, if everything is at the cloud, or without internet. */
export const DAWN_FAULTS = {
  "gateway-replaced": {
    what: "another gateway takes the place of the school's own",
    async arrange({ world, random, struck }: BadDay): Promise<void> {
      if (!world.internet || !random.chance(20)) return;
      world.kill();
      await world.replace();
      struck();
    },
  },
  "terminal-replaced": {
    what: "a terminal's board is replaced and enrolled anew",
    async arrange({ world, random, struck }: BadDay): Promise<void> {
      if (!world.internet || !random.chance(40)) return;
      await world.replaceTerminal(random.pick([...world.terminals.keys()]));
      struck();
    },
  },
  "days-away": {
    what: "the school has no internet for days, at worst for a month",
    async arrange({ world, random, later, struck }: BadDay): Promise<void> {
      if (!world.internet || !random.chance(6)) return;
      world.internet = false;
      later(random.chance(80) ? random.between(1, 4) : random.between(5, 30), () => (world.internet = true));
      struck();
    },
  },
};
