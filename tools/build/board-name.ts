/**
 * Names that the board itself has at the top level: functions, classes, ports, pins, and what the boot program may find there. A top-level variable of
 * an image stands in the same scope and would take their place: `var E` ends `E.reboot()` for good.
 * Source: Espruino's own metadata (the JSON comments in src/ and libs/) as its builds for the ESP32 see it.
 */
const functions =
  "analogRead analogWrite atob btoa changeInterval clearInterval clearTimeout clearWatch decodeURIComponent digitalPulse digitalRead digitalWrite dump " +
  "echo edit encodeURIComponent eval getPinMode getSerial getTime isFinite isNaN led load parseFloat parseInt peek16 peek32 peek8 pinMode poke16 poke32 " +
  "poke8 print require reset save setBusyIndicator setInterval setSleepIndicator setTime setTimeout setWatch shiftOut trace onInit";
const objects =
  "Array ArrayBuffer ArrayBufferView Bluetooth Boolean BTN BTN1 console DataView Date E Error Float32Array Float64Array Function g " +
  "global globalThis Graphics HIGH I2C I2C1 I2C2 Infinity Int16Array Int32Array Int8Array InternalError JSON LED LED1 LoopbackA " +
  "LoopbackB LOW Math Modules NaN NRF Number Object OneWire Pin process Promise Q ReferenceError RegExp Serial Serial1 Serial2 " +
  "Serial3 SPI SPI1 SPI2 SPI3 Storage String SyntaxError Telnet Terminal TypeError Uint16Array Uint24Array Uint32Array Uint8Array " +
  "Uint8ClampedArray Waveform undefined arguments boot";

/** Pins are D0 to D48 on the largest of the chips; other families have letters A to H. */
const pins = [..."ABCDEFGH"].flatMap((port) => Array.from({ length: 49 }, (_, n) => `${port}${n}`));

export const boardNames: ReadonlySet<string> = new Set([...functions.split(" "), ...objects.split(" "), ...pins]);
