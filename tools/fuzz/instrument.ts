/** JavaScript that counts which of its branches it takes: each calls `__branch()` with a number of its own. */
import { parse, type Node } from "acorn";
import MagicString from "magic-string";

/** Branch numbers in one process; a module asks for its own as it is loaded. */
const BEGIN = "const __first = (globalThis.__branches ??= { next: 0, hits: new Uint32Array(65536) });";

interface Shape extends Node {
  readonly [part: string]: unknown;
}

const isNode = (value: unknown): value is Shape => typeof value === "object" && value !== null && "type" in value && "start" in value;

function childrenOf(node: Shape): Shape[] {
  return Object.values(node).flatMap((part) => (Array.isArray(part) ? part.filter(isNode) : isNode(part) ? [part] : []));
}

/** Bodies of functions, loops, conditions and cases; arms of `?:`, and what stands behind `&&`, `||` and `??`. */
export function instrument(source: string): string {
  const text = new MagicString(source);
  let count = 0;
  const tick = (): string => `__at(${count++})`;
  const inBlock = (node: Shape): void => {
    if (node.type === "BlockStatement") text.appendLeft(node.start + 1, `${tick()};`);
    else text.appendLeft(node.start, `{${tick()};`).prependRight(node.end, "}");
  };
  const inExpression = (node: Shape): void => void text.appendLeft(node.start, `(${tick()},`).prependRight(node.end, ")");
  const visit = (node: Shape): void => {
    const [body, consequent, alternate, right] = [node.body, node.consequent, node.alternate, node.right];
    if (/Function/.test(node.type) && isNode(body)) {
      if (body.type === "BlockStatement") inBlock(body);
    } else if (/^(For|While|DoWhile)/.test(node.type) && isNode(body)) inBlock(body);
    else if (node.type === "IfStatement") {
      if (isNode(consequent)) inBlock(consequent);
      if (isNode(alternate)) inBlock(alternate);
    } else if (node.type === "SwitchCase" && Array.isArray(consequent) && isNode(consequent[0]))
      text.appendLeft(consequent[0].start, `${tick()};`);
    else if (node.type === "ConditionalExpression" && isNode(consequent) && isNode(alternate)) {
      inExpression(consequent);
      inExpression(alternate);
    } else if (node.type === "LogicalExpression" && isNode(right)) inExpression(right);
    for (const child of childrenOf(node)) visit(child);
  };
  visit(parse(source, { ecmaVersion: "latest", sourceType: "module" }) as unknown as Shape);
  const helper = `${BEGIN} const __base = __first.next; __first.next += ${count}; const __hits = __first.hits; const __at = (n) => { __hits[__base + n]++; };`;
  return `${helper}\n${text.toString()}`;
}
