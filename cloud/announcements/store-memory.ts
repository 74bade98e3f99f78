/** The same in memory; there no school writes. */
import type { AnnouncementStore } from "./announcement.js";

export function createAnnouncementMemory(): AnnouncementStore {
  return { received: async () => [], read: async () => undefined, posts: async () => [], told: async () => undefined };
}
