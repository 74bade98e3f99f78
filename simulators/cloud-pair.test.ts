import test from "ava";
import type { Cloud } from "@trapeza/cloud";
import { openCloudPair } from "./cloud-pair.js";

/** A store that counts, and clouds that do nothing but ask it. */
async function pair() {
  const kept: string[] = [];
  const store = { save: async (what: string) => void kept.push(what), kept: async () => kept } as unknown as Cloud["store"];
  const clouds = await openCloudPair(store, async (reach, before) => ({ store: reach, house: String(before) }) as unknown as Cloud);
  const save = (...whats: string[]) =>
    clouds.request(async (cloud) => {
      for (const what of whats) await (cloud.store as unknown as { save(what: string): Promise<void> }).save(what);
      return cloud.house;
    });
  return { clouds, save, kept };
}

test("a cloud falls behind the call that was named: what was stored stays, nobody is answered, and the next one goes on", async (t) => {
  const { clouds, save, kept } = await pair();
  let fallen = 0;
  t.is(await save("a"), "0");
  clouds.failAfter(1, () => fallen++);
  const old = clouds.cloud;
  await t.throwsAsync(save("b", "c", "d"), { message: "no answer from the cloud" });
  t.deepEqual(kept, ["a", "b"]);
  t.is(fallen, 1);
  t.is(await save("c"), "1");
  await t.throwsAsync(async () => (old.store as unknown as { save(what: string): Promise<void> }).save("e"), { message: /fallen/ });
  t.deepEqual(kept, ["a", "b", "c"]);
});

test("what others ask of the store does not make it fall, and a request that goes wrong is not a fall", async (t) => {
  const { clouds, save, kept } = await pair();
  let fallen = 0;
  clouds.failAfter(0, () => fallen++);
  await (clouds.cloud.store as unknown as { save(what: string): Promise<void> }).save("by the office");
  await t.throwsAsync(
    clouds.request(() => Promise.reject(new Error("a bad upload"))),
    { message: "a bad upload" },
  );
  t.is(fallen, 0);
  await t.throwsAsync(save("by a gateway"), { message: "no answer from the cloud" });
  t.is(fallen, 1);
  t.deepEqual(kept, ["by the office"]);
});
