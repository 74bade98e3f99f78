/**
 * The language as the compiler leaves it for the chip, used in every way that firmware uses it. Prints one line a probe; Node and Espruino must print
 * the same lines. Compiled for the chip: what stands here must also pass the gates.
 */
import { createReader, formatDate, latinBytes, luhnDigit, parseDate, readVarint, toHex } from "@trapeza/protocol/chip";
import { createWriter, writeVarint, written } from "@trapeza/protocol/chip";

const chip = globalThis as unknown as { print(line: string): void };

function show(name: string, value: unknown): void {
  chip.print("probe " + name + " " + JSON.stringify(value));
}

class Counter {
  private static made = 0;
  readonly steps: number[] = [];
  constructor(
    private at: number,
    readonly by = 2,
  ) {
    Counter.made++;
  }
  get value(): number {
    return this.at;
  }
  step(times = 1): Counter {
    for (let i = 0; i < times; i++) {
      this.at += this.by;
      this.steps.push(this.at);
    }
    return this;
  }
  static count(): number {
    return Counter.made;
  }
}

type Shape =
  | { readonly kind: "dot" }
  | { readonly kind: "line"; readonly length: number }
  | { readonly kind: "box"; readonly sides: readonly [number, number] };

function area(shape: Shape): number {
  switch (shape.kind) {
    case "box": {
      const [wide, high] = shape.sides;
      return wide * high;
    }
    case "line": {
      const wide = shape.length;
      return wide * 0.5;
    }
    default:
      return 0;
  }
}

/** Each way out of try/catch/finally, in one word. */
function leave(how: "return" | "throw" | "fall"): string {
  let path = "";
  try {
    if (how === "throw") throw new Error("thrown");
    if (how === "return") return (path += "r");
    path += "f";
  } catch (error) {
    path += (error as Error).message;
  } finally {
    path += "!";
  }
  return path;
}

function functions(): void {
  const made: (() => number)[] = [];
  for (let i = 0; i < 3; i++) made.push(() => i * 10);
  show(
    "a closure in a loop keeps its own variable",
    made.map((one) => one()),
  );
  const found: string[] = [];
  for (const word of ["a", "b", "c", "d"]) {
    if (word === "b") continue;
    found.push(word + made.length);
    if (word === "c") break;
  }
  show("for-of with continue and break", found);
  const rest = (first: number, ...more: number[]): number => first * 100 + more.length;
  show("rest parameters", [rest(1), rest(1, 2, 3)]);
  show("a class", [new Counter(1).step(2).value, new Counter(5, 1).step().steps, Counter.count()]);
  show("unions by kind", [area({ kind: "dot" }), area({ kind: "line", length: 3 }), area({ kind: "box", sides: [3, 4] })]);
  show("ways out of try", [leave("return"), leave("throw"), leave("fall")]);
}

function values(): void {
  const { a, b = 7 } = { a: 1 } as { a: number; b?: number };
  show("destructuring with a default", [a, b]);
  const missing = JSON.parse("null") as { deep?: { er: number } } | null;
  show("optional chaining and ??", [missing?.deep?.er ?? "none", `${a}/${b}`]);
  const key = "by" + "name";
  show("computed keys and Object.keys in order", Object.keys({ z: 1, [key]: 2, a: 3 }));
  show(
    "sorting with an order",
    [10, 9, 1, 100].sort((x, y) => x - y),
  );
  show("array functions", [
    [1, 2, 3].reduce((sum, x) => sum + x, 0),
    [1, 2, 3].indexOf(3),
    [3, 4, 5].findIndex((x) => x > 3),
    [1, 2, 3, 4].slice(1, 3),
    [1, 2, 3].some((x) => x > 2),
  ]);
  const spliced = [1, 2, 3, 4];
  show("splice", [spliced.splice(1, 2), spliced]);
  show("strings", [
    "0242013137".split(""),
    "a,b,,c".split(","),
    "abc".padStart(5, "0"),
    "Abc".toLowerCase(),
    " x ".trim(),
    "abcabc".lastIndexOf("b"),
  ]);
  show("bytes in a string", [toHex(latinBytes("\x00\x7f\x80\xff")), "\xcf\xf0".charCodeAt(1), String.fromCharCode(200).length]);
}

function numbers(): void {
  show("integers to 2^53", [
    9007199254740991,
    9007199254740991 - 1,
    4294967296 * 2097151,
    Math.floor(9007199254740991 / 128),
    9007199254740991 % 128,
  ]);
  show("negative division and remainder", [-7 % 3, Math.floor(-7 / 2), Math.round(2.5), -5 >> 1, -1 >>> 28]);
  show("bits", [0xff & 0x0f, 1 << 30, 0x12345678 >>> 8, 5 ^ 3, ~5]);
  show("text to number", [parseInt("042", 10), +"12.5", Number(""), isNaN(+"x")]);
  show("number to text", [String(1e15), String(-0.5), (255).toString(16), "" + 123456789012]);
  const writer = createWriter();
  for (const value of [0, 127, 128, 300, 4294967296, 9007199254740991]) writeVarint(writer, value);
  const reader = createReader(written(writer));
  show("varints there", toHex(written(writer)));
  show("varints back", [
    readVarint(reader),
    readVarint(reader),
    readVarint(reader),
    readVarint(reader),
    readVarint(reader),
    readVarint(reader),
  ]);
  const date = parseDate("2026-02-28");
  show("dates and check digits", [date, date === null ? "" : formatDate(date), parseDate("2026-02-29"), luhnDigit("024201313")]);
}

functions();
values();
numbers();
chip.print("probe end");
