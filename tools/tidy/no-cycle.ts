import { resolveRelative, type House, type Law, type Violation } from "./house.js";

function importGraph(house: House): Map<string, { target: string; line: number }[]> {
  const graph = new Map<string, { target: string; line: number }[]>();
  for (const code of house.code) {
    const edges = code.imports.flatMap(({ specifier, line }) => {
      const target = specifier.startsWith(".") ? resolveRelative(house, code.path, specifier) : undefined;
      return target === undefined ? [] : [{ target, line }];
    });
    graph.set(code.path, edges);
  }
  return graph;
}

/** Files do not import in a circle, not even for types: whoever reads one of them would have to read them all. */
export const noCycle: Law = (house) => {
  const graph = importGraph(house);
  const finished = new Set<string>();
  const trail: string[] = [];
  const violations: Violation[] = [];
  const visit = (path: string): void => {
    trail.push(path);
    for (const { target, line } of graph.get(path) ?? []) {
      const start = trail.indexOf(target);
      if (start >= 0) {
        const circle = [...trail.slice(start), target].join(" → ");
        violations.push({ path, line, cure: `imports in a circle: ${circle}; move what they share into a file that imports neither` });
      } else if (!finished.has(target)) visit(target);
    }
    trail.pop();
    finished.add(path);
  };
  for (const path of graph.keys()) if (!finished.has(path)) visit(path);
  return violations;
};
