/** The bank's day as the file that it sends: what it will pay out and what it keeps back, and a last row that adds up. */
import { encodeWindows1251 } from "@trapeza/cloud";
import type { RegistryRow } from "./acquirer.js";
import { REGISTRY_HEADS, REGISTRY_OPERATIONS } from "./words.ru.js";

export function formatRegistry(rows: readonly RegistryRow[], encoding: "utf-8" | "windows-1251"): Uint8Array {
  const lines = rows.map(({ operation, number, amount, commission }) =>
    [number, REGISTRY_OPERATIONS[operation], roubles(operation === "payment" ? amount : -amount), roubles(commission)].join(";"),
  );
  const total = rows.reduce((sum, { operation, amount }) => sum + (operation === "payment" ? amount : -amount), 0);
  const text = [REGISTRY_HEADS.join(";"), ...lines, "=" + rows.length + ";" + roubles(total), ""].join("\r\n");
  return encoding === "utf-8" ? Buffer.from(text) : encodeWindows1251(text);
}

function roubles(kopecks: number): string {
  const digits = String(Math.abs(kopecks)).padStart(3, "0");
  return (kopecks < 0 ? "-" : "") + digits.slice(0, -2) + "," + digits.slice(-2);
}
