import { baseName, type Law } from "./house.js";

const rooms = ["protocol/devices", "firmware/devices", "simulators/devices"] as const;

/**
 * Devices that need not stand in all three rooms, with the reason. A keypad closes contacts and a display is a picture: neither has bytes on a
 * wire that firmware and twin would have to agree on, so the protocol has nothing to say about them.
 */
const lonely: Readonly<Record<string, readonly string[]>> = {
  keypad: ["firmware/devices", "simulators/devices"],
  display: ["firmware/devices", "simulators/devices"],
};

/** One device, one name, three rooms: its bytes, its driver, its twin. */
export const twinDevice: Law = (house) => {
  const found = new Map<string, Map<string, string>>();
  for (const { path, isTest } of house.code) {
    const room = rooms.find((name) => path.startsWith(`${name}/`) && !path.slice(name.length + 1).includes("/"));
    if (room === undefined || isTest || baseName(path) === "index") continue;
    const places = found.get(baseName(path)) ?? new Map<string, string>();
    found.set(baseName(path), places.set(room, path));
  }
  return [...found].flatMap(([device, places]) => {
    const needed = lonely[device] ?? rooms;
    const missing = needed.filter((room) => !places.has(room));
    const path = [...places.values()][0] ?? "";
    return missing.map((room) => ({ path, line: 1, cure: `this device has no ${room}/${device}.ts: write it there or rename this one` }));
  });
};
