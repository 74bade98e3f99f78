/** The school around the table: its gateway, its way to the cloud, and the time on the table. What a bench was not given, its page does not show. */
import type { Clock } from "../clock.js";
import type { Pace } from "../paced-clock.js";

export interface Switch {
  readonly on: boolean;
  set(on: boolean): void;
}

export interface House {
  /** The power of the gateway's computer. */
  readonly gateway?: Switch;
  /** The way from the gateway to the cloud. */
  readonly internet?: Switch;
  readonly pace?: Pace;
}

/** How fast time may go; 0: it stands still. */
export const RATES = [0, 0.1, 1, 60] as const;
export const STEP_MS = 100;

export type HouseAction =
  | { readonly kind: "gateway" | "internet"; readonly on: boolean }
  | { readonly kind: "rate"; readonly rate: (typeof RATES)[number] }
  | { readonly kind: "step" };

export function isHouseAction(action: { readonly kind: string }): action is HouseAction {
  return ["gateway", "internet", "rate", "step"].includes(action.kind);
}

export function performInHouse({ gateway, internet, pace }: House, action: HouseAction): void {
  if (action.kind === "rate") pace?.setRate(action.rate);
  else if (action.kind === "step") pace?.step(STEP_MS);
  else (action.kind === "gateway" ? gateway : internet)?.set(action.on);
}

export interface HouseView {
  readonly gateway: boolean | null;
  readonly internet: boolean | null;
  readonly rate: number | null;
  /** The table's time in whole seconds. */
  readonly seconds: number;
}

export function houseViewOf({ gateway, internet, pace }: House, clock: Clock): HouseView {
  return {
    gateway: gateway?.on ?? null,
    internet: internet?.on ?? null,
    rate: pace?.rate ?? null,
    seconds: Math.floor(clock.now() / 1000),
  };
}
