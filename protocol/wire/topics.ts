/**
 * Where a terminal speaks and listens: `t/<terminal>/u` up, `t/<terminal>/d` down, and nowhere else. No name, card or account ever stands in a topic.
 * Chip-safe.
 */
export type Direction = "up" | "down";

export function topicFor(terminal: number, direction: Direction): string {
  return "t/" + terminal + "/" + (direction === "up" ? "u" : "d");
}

/** The terminal and direction of a topic, or `null` for any other text (wildcards, `$SYS`, leading zeroes, deeper levels). */
export function parseTopic(topic: string): { terminal: number; direction: Direction } | null {
  const parts = topic.split("/");
  if (parts.length !== 3 || parts[0] !== "t" || (parts[2] !== "u" && parts[2] !== "d")) return null;
  const terminal = parseInt(parts[1], 10);
  if (String(terminal) !== parts[1] || terminal < 1 || terminal > 65535) return null;
  return { terminal, direction: parts[2] === "u" ? "up" : "down" };
}
