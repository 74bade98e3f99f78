/**
 * The loader: `.bootcde` of every terminal. It looks at a release that has come, or starts the newest program that may run.
 *
 * The program it starts overwrites short names at the top level, the loader's own among them; what still has to work after that holds on to nothing but the
 * board's own names and its own locals.
 */
import { fromHex } from "@trapeza/protocol/chip";
import { parseConfigFile } from "./config-file.js";
import type { Espruino } from "./espruino-api.js";
import { openFlash } from "./espruino-flash.js";
import { beginLook, chooseStart, goOnLooking, imageAt, wordsAt } from "./loader.js";
import type { Look, Trust } from "./loader.js";
import { SLOT_SECTORS, TRIES } from "./slot.js";
import { SLOTS_ADDRESS } from "./wiring.js";

const WATCHDOG_S = 60;
/** What is on trial hears a Welcome within this time of its start, or the start was in vain. */
const TRIAL_MS = 600000;
const SLOT_LENGTH = SLOT_SECTORS * 4096;

function readTrust(): Trust {
  const file = (globalThis as unknown as Espruino).require("Storage").read("config");
  const config = (file && parseConfigFile(file)) || {};
  const kind = String(config["kind"]);
  const line = kind === "payment" ? String(config["line"] || "ccnet") : "none";
  return { kind, line, key: fromHex(String(config["signer"])) || new Uint8Array(0) };
}

function lookOn(look: Look): void {
  const board = globalThis as unknown as Espruino;
  board.setTimeout(function () {
    if (goOnLooking(look)) lookOn(look);
    else board.E.reboot();
  }, 1);
}

/** Leaves `boot` for the program, or none when there is a release to be looked at first. */
function prepare(): void {
  const board = globalThis as unknown as Espruino;
  const flash = openFlash(SLOTS_ADDRESS, SLOT_SECTORS * 2);
  board.E.enableWatchdog(WATCHDOG_S, true);
  const sha256 = function (data: Uint8Array): Uint8Array {
    return new Uint8Array(board.require("crypto").SHA256(data));
  };
  const look = beginLook(flash, sha256, readTrust());
  if (look) {
    lookOn(look);
    return;
  }
  const { slot, runs, version, into, holds, fate, reached, proven, imageBytes, wordsBytes } = chooseStart(flash, sha256);
  const at = SLOTS_ADDRESS + slot * SLOT_LENGTH;
  board.boot = {
    slot,
    runs,
    version,
    into,
    holds,
    fate,
    reached,
    proven,
    at,
    words: slot < 0 || wordsBytes === 0 ? "" : board.E.memoryArea(at + wordsAt(flash, imageBytes), wordsBytes),
    code: slot < 0 ? board.require("Storage").read("program") || "" : board.E.memoryArea(at + imageAt(flash), imageBytes),
    trial: 0,
  };
}

prepare();
const ready = (globalThis as unknown as Espruino).boot;
if (ready) {
  // Made here, because a function keeps alive all that stands around it.
  if (!ready.proven)
    ready.trial = (globalThis as unknown as Espruino).setTimeout(function () {
      (globalThis as unknown as Espruino).E.reboot();
    }, TRIAL_MS);
  try {
    (globalThis as unknown as Espruino).eval(ready.code);
  } catch (error) {
    const board = globalThis as unknown as Espruino;
    const begun = board.boot;
    board.print(error);
    // What cannot even be begun is not begun again.
    if (begun && !begun.proven) board.require("Flash").write(new Uint8Array(8), begun.at + TRIES);
    board.setTimeout(
      function () {
        (globalThis as unknown as Espruino).E.reboot();
      },
      begun && begun.proven ? WATCHDOG_S * 1000 : 1000,
    );
  }
}
