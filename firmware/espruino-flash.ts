/** Raw flash as Espruino gives it, for the program and for the loader. */
import type { Flash } from "./board.js";
import type { Espruino } from "./espruino-api.js";
import { SECTOR_BYTES } from "./wiring.js";

/** `sectors` pages from `address` on. */
export function openFlash(address: number, sectors: number): Flash {
  const flash = (globalThis as unknown as Espruino).require("Flash");
  return {
    sectors,
    sectorBytes: SECTOR_BYTES,
    read: function (sector, offset, length) {
      return flash.read(length, address + sector * SECTOR_BYTES + offset);
    },
    write: function (sector, offset, bytes) {
      flash.write(bytes, address + sector * SECTOR_BYTES + offset);
    },
    erase: function (sector) {
      flash.erasePage(address + sector * SECTOR_BYTES);
    },
  };
}
