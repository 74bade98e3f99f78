/**
 * Which pin leads where, on each of the two boards. Numbers are GPIO numbers, which Espruino takes wherever it takes a pin. Why just these, with the
 * connectors they come out at, is in README.md, "Reference hardware"; the simulated terminals and the self-test are wired by the same table.
 */
import type { TerminalKind } from "@trapeza/protocol/chip";

/** The partition between Espruino's own code and Storage that nothing else uses: the outbox. */
export const OUTBOX_ADDRESS = 0x310000;
export const OUTBOX_SECTORS = 16;
export const SECTOR_BYTES = 4096;
/** The end of the partition that Espruino calls Storage: only what is mapped can run where it lies. */
export const SLOTS_ADDRESS = 0x3d0000;

export interface Uart {
  readonly port: 1 | 2 | 3;
  /** From the board to the device. */
  readonly tx: number;
  readonly rx: number;
}

export interface Wiring {
  readonly reader: Uart;
  readonly printer: Uart;
  /** Only the payment terminal has one. */
  readonly acceptor: Uart | null;
  /** On SPI2. `pen` is low while the panel is touched. */
  readonly panel: { readonly sck: number; readonly mosi: number; readonly miso: number; readonly select: number; readonly pen: number };
  /** I2C1: the pupil's display of the settlement terminal. */
  readonly aside: { readonly scl: number; readonly sda: number };
  readonly buzzer: number;
  /** The BOOT button: low while the terminal starts, it leaves the console open for a technician. */
  readonly service: number;
}

/** ESP32-2432S028 ("CYD"): settlement and information terminal. */
export function cydWiring(): Wiring {
  return {
    reader: { port: 2, tx: 27, rx: 35 },
    printer: { port: 3, tx: 23, rx: 19 },
    acceptor: null,
    panel: { sck: 25, mosi: 32, miso: 39, select: 33, pen: 36 },
    aside: { scl: 22, sda: 18 },
    buzzer: 26,
    service: 0,
  };
}

/** ESP32-S3: payment terminal. */
export function s3Wiring(): Wiring {
  return {
    reader: { port: 1, tx: 43, rx: 44 },
    printer: { port: 3, tx: 40, rx: 41 },
    acceptor: { port: 2, tx: 17, rx: 18 },
    panel: { sck: 4, mosi: 7, miso: 6, select: 5, pen: 15 },
    aside: { scl: 2, sda: 1 },
    buzzer: 42,
    service: 0,
  };
}

export function wiringFor(kind: TerminalKind): Wiring {
  return kind === "payment" ? s3Wiring() : cydWiring();
}
