/* eslint no-var: off, @typescript-eslint/no-empty-object-type: off, @typescript-eslint/no-explicit-any: off, @typescript-eslint/no-unused-vars: off --
   a lib speaks as the compiler asks */
/**
 * The language as Espruino has it on an ESP32 (2v29, ChangeLog and jswrap_*.c of the sources), in place of TypeScript's own lib.
 *
 * What is not named here does not exist there, or exists and lies: no Map, Set, Symbol, Promise, BigInt, Date; no `Object.freeze`, `Array.from`,
 * `Math.trunc`; `Math.pow` is inexact from 2^53; a typed array's `slice` gives a plain array; an array's `length` cannot be set; an error has no
 * `name`; `JSON.stringify` ignores its second argument. Timers, pins and modules belong to espruino.ts and are typed in espruino-api.ts.
 */
interface Symbol {}
interface IArguments {
  readonly [index: number]: unknown;
  readonly length: number;
}
interface CallableFunction extends Function {}
interface NewableFunction extends Function {}
interface Function {
  apply(this: Function, self: any, list?: any): any;
  call(this: Function, self: any, ...list: any[]): any;
  bind(this: Function, self: any, ...list: any[]): any;
}

type PropertyKey = string | number | symbol;
interface PropertyDescriptor {
  configurable?: boolean;
  enumerable?: boolean;
  writable?: boolean;
  get?(): unknown;
  set?(value: unknown): void;
}
interface TypedPropertyDescriptor<T> extends PropertyDescriptor {}
interface TemplateStringsArray extends ReadonlyArray<string> {
  readonly raw: readonly string[];
}
interface ThisType<T> {}

interface Object {
  toString(): string;
  hasOwnProperty(name: PropertyKey): boolean;
}
interface ObjectConstructor {
  assign<T, U>(target: T, source: U): T & U;
  create(prototype: object | null): unknown;
  defineProperty<T>(target: T, name: PropertyKey, descriptor: PropertyDescriptor): T;
  entries<T>(of: { readonly [name: string]: T }): Array<[string, T]>;
  getPrototypeOf(of: unknown): unknown;
  keys(of: object): string[];
  setPrototypeOf(of: unknown, prototype: object | null): unknown;
  values<T>(of: { readonly [name: string]: T }): T[];
}
declare var Object: ObjectConstructor;

interface Boolean {}
interface BooleanConstructor {
  (value?: unknown): boolean;
}
declare var Boolean: BooleanConstructor;

interface Number {
  toString(radix?: number): string;
}
interface NumberConstructor {
  (value?: unknown): number;
  readonly MAX_VALUE: number;
  readonly MIN_VALUE: number;
}
declare var Number: NumberConstructor;

interface String {
  readonly [index: number]: string;
  readonly length: number;
  charAt(at: number): string;
  charCodeAt(at: number): number;
  concat(...parts: string[]): string;
  endsWith(part: string): boolean;
  includes(part: string, from?: number): boolean;
  indexOf(part: string, from?: number): number;
  lastIndexOf(part: string, from?: number): number;
  match(pattern: RegExp): RegExpMatchArray | null;
  padEnd(length: number, fill?: string): string;
  padStart(length: number, fill?: string): string;
  repeat(count: number): string;
  replace(what: string | RegExp, by: string | ((...found: string[]) => string)): string;
  replaceAll(what: string, by: string): string;
  slice(from: number, to?: number): string;
  split(separator: string): string[];
  startsWith(part: string, from?: number): boolean;
  substring(from: number, to?: number): string;
  toLowerCase(): string;
  toString(): string;
  toUpperCase(): string;
  trim(): string;
}
interface StringConstructor {
  (value?: unknown): string;
  /** Keeps the low byte only: 0 … 255. */
  fromCharCode(...codes: number[]): string;
}
declare var String: StringConstructor;

interface RegExpMatchArray extends Array<string> {
  readonly index: number;
}
interface RegExp {
  exec(text: string): RegExpMatchArray | null;
  test(text: string): boolean;
}

interface ReadonlyArray<T> {
  readonly [index: number]: T;
  readonly length: number;
  concat(...more: ReadonlyArray<T>[]): T[];
  every(test: (value: T, index: number) => boolean): boolean;
  filter<S extends T>(test: (value: T, index: number) => value is S): S[];
  filter(test: (value: T, index: number) => boolean): T[];
  find(test: (value: T, index: number) => boolean): T | undefined;
  findIndex(test: (value: T, index: number) => boolean): number;
  forEach(each: (value: T, index: number) => void): void;
  includes(value: T): boolean;
  indexOf(value: T): number;
  join(separator?: string): string;
  map<U>(each: (value: T, index: number) => U): U[];
  reduce<U>(each: (sum: U, value: T, index: number) => U, from: U): U;
  slice(from?: number, to?: number): T[];
  some(test: (value: T, index: number) => boolean): boolean;
}
interface Array<T> extends ReadonlyArray<T> {
  [index: number]: T;
  fill(value: T, from?: number, to?: number): this;
  pop(): T | undefined;
  push(...values: T[]): number;
  reverse(): T[];
  shift(): T | undefined;
  sort(order?: (a: T, b: T) => number): this;
  splice(at: number, remove?: number, ...insert: T[]): T[];
  unshift(...values: T[]): number;
}
interface ArrayConstructor {
  new <T>(length: number): T[];
  isArray(value: unknown): value is any[];
}
declare var Array: ArrayConstructor;
interface ArrayLike<T> {
  readonly [index: number]: T;
  readonly length: number;
}

interface ArrayBuffer {
  readonly byteLength: number;
}
interface ArrayBufferConstructor {
  new (byteLength: number): ArrayBuffer;
}
declare var ArrayBuffer: ArrayBufferConstructor;
type ArrayBufferLike = ArrayBuffer;

/** The parameter is there so that sources name the type as they do for Node; it says nothing here. */
interface Uint8Array<Buffer extends ArrayBuffer = ArrayBuffer> {
  [index: number]: number;
  readonly length: number;
  readonly buffer: Buffer;
  readonly byteLength: number;
  readonly byteOffset: number;
  fill(value: number, from?: number, to?: number): this;
  forEach(each: (value: number, index: number) => void): void;
  indexOf(value: number): number;
  join(separator?: string): string;
  set(from: ArrayLike<number>, at?: number): void;
  subarray(from?: number, to?: number): Uint8Array<Buffer>;
}
interface Uint8ArrayConstructor {
  new (length: number): Uint8Array;
  new (values: ArrayLike<number>): Uint8Array;
  new (buffer: ArrayBuffer, byteOffset?: number, length?: number): Uint8Array;
}
declare var Uint8Array: Uint8ArrayConstructor;

interface Uint16Array extends Uint8Array {}
declare var Uint16Array: {
  new (length: number): Uint16Array;
  new (values: ArrayLike<number>): Uint16Array;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): Uint16Array;
};
interface Int32Array extends Uint8Array {}
declare var Int32Array: { new (length: number): Int32Array; new (values: ArrayLike<number>): Int32Array };
interface Uint32Array extends Uint8Array {}
declare var Uint32Array: { new (length: number): Uint32Array; new (values: ArrayLike<number>): Uint32Array };

interface Error {
  readonly message: string;
  readonly stack?: string;
}
interface ErrorConstructor {
  new (message?: string): Error;
  (message?: string): Error;
}
declare var Error: ErrorConstructor;

declare var Math: {
  readonly PI: number;
  abs(x: number): number;
  ceil(x: number): number;
  floor(x: number): number;
  max(...values: number[]): number;
  min(...values: number[]): number;
  round(x: number): number;
  sign(x: number): number;
  sqrt(x: number): number;
};
declare var JSON: {
  parse(text: string): unknown;
  stringify(value: unknown): string;
};

declare var NaN: number;
declare var Infinity: number;
declare function isNaN(value: number): boolean;
declare function isFinite(value: number): boolean;
declare function parseInt(text: string, radix: number): number;

type Partial<T> = { [K in keyof T]?: T[K] };
type Required<T> = { [K in keyof T]-?: T[K] };
type Readonly<T> = { readonly [K in keyof T]: T[K] };
type Pick<T, K extends keyof T> = { [P in K]: T[P] };
type Record<K extends PropertyKey, T> = { [P in K]: T };
type Exclude<T, U> = T extends U ? never : T;
type Extract<T, U> = T extends U ? T : never;
type Omit<T, K extends PropertyKey> = Pick<T, Exclude<keyof T, K>>;
type NonNullable<T> = T & {};
type Parameters<F extends (...list: any) => unknown> = F extends (...list: infer P) => unknown ? P : never;
type ReturnType<F extends (...list: any) => unknown> = F extends (...list: any) => infer R ? R : never;
