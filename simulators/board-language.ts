/**
 * The language of the chip, made from the one of this process by taking away: a realm of its own in which only what Espruino's ESP32 builds offer
 * is left, so that firmware which leans on anything more fails here and not on the wall of a school.
 */
import vm from "node:vm";

/** Globals of ECMAScript that Espruino has. What the board adds comes on top. */
const GLOBALS =
  "Array ArrayBuffer Boolean DataView Date Error Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array InternalError JSON Math NaN " +
  "Number Object Promise ReferenceError RegExp String SyntaxError TypeError Uint16Array Uint32Array Uint8Array Uint8ClampedArray atob btoa " +
  "decodeURIComponent encodeURIComponent eval globalThis isFinite isNaN parseFloat parseInt undefined console";

/** Members by owner; `.` before a name means on the prototype. Owners not named here keep everything they have. */
const MEMBERS: Readonly<Record<string, string>> = {
  Array:
    "isArray .concat .every .fill .filter .find .findIndex .forEach .includes .indexOf .join .map .pop .push .reduce .reverse .shift .slice .some " +
    ".sort .splice .toString .unshift",
  ArrayBuffer: ".byteLength",
  Date:
    "now parse .getDate .getDay .getFullYear .getHours .getMilliseconds .getMinutes .getMonth .getSeconds .getTime .getTimezoneOffset .getUTCDate " +
    ".getUTCDay .getUTCFullYear .getUTCHours .getUTCMilliseconds .getUTCMinutes .getUTCMonth .getUTCSeconds .setDate .setFullYear .setHours " +
    ".setMilliseconds .setMinutes .setMonth .setSeconds .setTime .toISOString .toJSON .toString .toUTCString .valueOf",
  Function: ".apply .bind .call .toString",
  JSON: "parse stringify",
  Math: "E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2 abs acos asin atan atan2 ceil cos exp floor log max min pow random round sign sin sqrt tan",
  Number: "MAX_VALUE MIN_VALUE NEGATIVE_INFINITY NaN POSITIVE_INFINITY .toFixed .toString .valueOf",
  Object:
    "assign create defineProperties defineProperty entries fromEntries getOwnPropertyDescriptor getOwnPropertyDescriptors getOwnPropertyNames " +
    "getPrototypeOf keys setPrototypeOf values .hasOwnProperty .toString .valueOf .__proto__ .__defineGetter__ .__defineSetter__",
  Promise: "all reject resolve .then .catch",
  RegExp:
    ".exec .test .toString .source .flags .global .ignoreCase .lastIndex .multiline .dotAll .hasIndices .sticky .unicode .unicodeSets",
  String:
    "fromCharCode .charAt .charCodeAt .concat .endsWith .includes .indexOf .lastIndexOf .match .padEnd .padStart .repeat .replace .replaceAll .slice " +
    ".split .startsWith .substr .substring .toLowerCase .toUpperCase .toString .trim .valueOf",
};

const TYPED =
  ".every .fill .filter .find .findIndex .forEach .includes .indexOf .join .map .reduce .reverse .set .slice .some .sort .subarray";
const TYPED_KEPT = TYPED + " .buffer .byteLength .byteOffset .length .toString";

/** Runs inside the realm. Symbols stay on the prototypes: `for (x of array)` needs them and firmware cannot name them. */
const PRELUDE = `(function (globals, members, typed, now) {
  function prune(object, kept) {
    Object.getOwnPropertyNames(object).forEach(function (name) {
      if (name === "constructor" || name === "prototype" || name === "length" || name === "name" || kept.indexOf(name) >= 0) return;
      delete object[name];
    });
  }
  function names(list, onPrototype) {
    return list.split(" ").filter(function (n) { return (n[0] === ".") === onPrototype; }).map(function (n) { return onPrototype ? n.slice(1) : n; });
  }
  var typedArray = Object.getPrototypeOf(Uint8Array);
  // On the chip a typed array's slice is a plain array.
  var plainSlice = Array.prototype.slice;
  Object.defineProperty(typedArray.prototype, "slice", { value: function (a, b) { return plainSlice.call(this, a, b); } });
  prune(typedArray.prototype, names(typed, true));
  prune(typedArray, []);
  Object.keys(members).forEach(function (owner) {
    var object = globalThis[owner];
    prune(object, names(members[owner], false));
    if (object.prototype) prune(object.prototype, names(members[owner], true));
  });
  var fromCharCode = String.fromCharCode;
  String.fromCharCode = function () {
    var text = "";
    for (var i = 0; i < arguments.length; i++) text += fromCharCode(arguments[i] & 255);
    return text;
  };
  // A generator without a seed: the same numbers after every start, as on the chip.
  var state = 1;
  Math.random = function () {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
  var HostDate = Date;
  var ChipDate = function (a, b, c, d, e, f, g) {
    if (arguments.length === 0) return new HostDate(now());
    if (arguments.length === 1) return new HostDate(a);
    return new HostDate(a, b, c || 1, d || 0, e || 0, f || 0, g || 0);
  };
  ChipDate.prototype = HostDate.prototype;
  ChipDate.prototype.constructor = ChipDate;
  ChipDate.now = now;
  ChipDate.parse = HostDate.parse;
  globalThis.Date = ChipDate;
  globals = globals.split(" ");
  Object.getOwnPropertyNames(globalThis).forEach(function (name) { if (globals.indexOf(name) < 0) delete globalThis[name]; });
})`;

/** A realm with the chip's language and nothing else: no timers, no ports. `now`: milliseconds on the chip's own clock. */
export function createRealm(name: string, now: () => number): vm.Context {
  // An ordinary global object where Node has one (20.18): every name of the firmware's is looked up there, and through a sandbox that takes much longer.
  const context = vm.createContext(vm.constants.DONT_CONTEXTIFY ?? {}, { name, codeGeneration: { strings: true, wasm: false } });
  const prune = vm.runInContext(PRELUDE, context) as (globals: string, members: object, typed: string, now: () => number) => void;
  prune(GLOBALS, MEMBERS, TYPED_KEPT, now);
  // The board makes what it hands over with the realm's own constructors; from outside they are seen only as properties of the context.
  Object.assign(context, vm.runInContext("({ ArrayBuffer: ArrayBuffer, JSON: JSON, Uint8Array: Uint8Array })", context));
  return context;
}
