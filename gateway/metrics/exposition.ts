import type { Sample } from "./sample.js";

const escaped = (text: string): string => text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n");

/** Prometheus text exposition format 0.0.4: help and type once a family, then its samples. */
export function expositionOf(samples: readonly Sample[]): string {
  const families = new Map<string, Sample[]>();
  for (const sample of samples) {
    const family = sample.kind === "histogram" ? sample.name.replace(/_(bucket|sum|count)$/, "") : sample.name;
    families.set(family, [...(families.get(family) ?? []), sample]);
  }
  return [...families]
    .map(([family, members]) => {
      const lines = members.map(({ name, labels, value }) => {
        const inner = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
        return `${name}${inner.length > 0 ? `{${inner.join(",")}}` : ""} ${value}\n`;
      });
      const { help, kind } = members[0] as Sample;
      return `# HELP ${family} ${help}\n# TYPE ${family} ${kind}\n${lines.join("")}`;
    })
    .join("");
}
