/** The same in memory; there no school writes. */
import type { AnnouncementStore } from "./announcement.js";

export function createAnnouncementMemory(): AnnouncementStore {
  const nothing = async () => undefined;
  return { received: async () => [], read: nothing, posts: async () => [], told: nothing, later: nothing };
}
