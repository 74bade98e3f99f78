/** The chip's radio: `require("Wifi")`, and the Telnet console that listens on whatever network it has joined until the program says no. */
import type { Flash } from "./board-flash.js";
import { createEmitter, type Handler, type Session } from "./board-session.js";

const JOIN_MS = 50;

/** As somebody at the access point sees it. */
export interface Radio {
  /** Port 23 answers. On after every start. */
  telnet: boolean;
  /** What it was last asked to join, "" for nothing. */
  asked: string;
  /** How often it was asked since the start. */
  tries: number;
  /** The access point answers. */
  reachable: boolean;
  joined: boolean;
  /** Kept by the chip itself, through restarts. */
  bluetooth: boolean;
  /** The access point goes away. */
  drop: () => void;
}

export function createRadio(): Radio {
  return { telnet: true, asked: "", tries: 0, reachable: true, joined: false, bluetooth: false, drop: () => undefined };
}

/** Both modules, for a new life of the board: a radio forgets everything with its power. */
export function radioModules(session: Session, radio: Radio): { readonly Wifi: object; readonly TelnetServer: object } {
  Object.assign(radio, { telnet: true, asked: "", tries: 0, joined: false });
  const events = createEmitter(session);
  const wifi: Record<string, unknown> = {};
  events.dress(wifi);
  radio.drop = () => {
    radio.reachable = false;
    if (radio.joined) events.emit("disconnected", [{}]);
    radio.joined = false;
  };
  Object.assign(wifi, {
    connect: session.api((name: unknown, _options: unknown, callback: unknown) => {
      radio.asked = String(name);
      radio.tries++;
      // Up to 2v29 nothing is heard of a network that is not there.
      if (!radio.reachable) return;
      session.after(JOIN_MS, () => {
        radio.joined = true;
        events.emit("connected", [{}]);
        if (typeof callback === "function") session.call(callback as Handler, [null]);
      });
    }),
    disconnect: session.api(() => void (radio.joined = false)),
    stopAP: session.api(() => undefined),
    getIP: session.api(() => ({
      ip: radio.joined ? "127.0.0.1" : "0.0.0.0",
      netmask: "255.0.0.0",
      gw: "0.0.0.0",
      mac: "02:00:00:00:00:01",
    })),
  });
  const setOptions = session.api((options: unknown) => void (radio.telnet = (options as { mode?: unknown }).mode !== "off"));
  return { Wifi: wifi, TelnetServer: { setOptions } };
}

/** `ESP32`. Switching Bluetooth takes the program out of flash and restarts the chip (targets/esp32/jswrap_esp32.c). */
export function chipObject(session: Session, radio: Radio, flash: Flash, restart: (bare: boolean) => void): Record<string, unknown> {
  return {
    getState: session.api(() => ({ BLE: radio.bluetooth, Wifi: true })),
    enableBLE: session.api((on: unknown) => {
      radio.bluetooth = Boolean(on);
      flash.eraseFile(".bootcde");
      restart(false);
    }),
  };
}
