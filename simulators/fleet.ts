/** The terminals of a school: which there are, what each is made of, and another board in the place of one that has died. */
import { terminalKey } from "@trapeza/gateway";
import { escpos, keypad, toHex } from "@trapeza/protocol";
import type { TerminalId } from "@trapeza/protocol";
import { createFlash, type TerminalConfig, type TerminalKind } from "./board-flash.js";
import type { Network } from "./board-network.js";
import type { VirtualClock } from "./clock.js";
import { imageFor, loadProgram } from "./program.js";
import { createTerminal, type Terminal, type TerminalOptions } from "./terminal.js";
import { wholeProgram } from "./whole-program.js";

export interface TerminalPlan {
  readonly id: TerminalId;
  readonly kind: TerminalKind;
  /** Which one a kiosk's bill validator speaks, CCNET unless told. */
  readonly line?: TerminalConfig["line"];
  /** Its model, as enrolled. */
  readonly printer?: string;
  /** A name of `LAYOUTS`. */
  readonly keypad?: string;
}

export interface FleetOptions {
  readonly terminals: readonly TerminalPlan[];
  readonly schoolNumber: number;
  readonly acceptor?: TerminalOptions["acceptor"];
  readonly signer?: string;
  readonly roomsStay?: boolean;
  readonly patienceMs?: number;
  readonly clock: VirtualClock;
  readonly secret: Uint8Array;
  readonly network: Network;
  readonly port: number;
  /** Takes each line that a board prints. */
  readonly complaints: string[];
}

export interface Retired {
  readonly id: number;
  readonly terminal: Terminal;
}

export interface Fleet {
  readonly terminals: Map<number, Terminal>;
  readonly retired: Retired[];
  /** `enrol`: the office says the new enrolment, before the new board starts. */
  replace(id: number, enrol: (enrolment: number) => Promise<void>): Promise<Terminal>;
}

/** Builds them and switches them on. */
export function openFleet(options: FleetOptions): Fleet {
  const terminals = new Map(options.terminals.map((plan) => [plan.id as number, openTerminal(options, plan, 1)]));
  for (const terminal of terminals.values()) terminal.board.powerOn();
  const retired: Retired[] = [];
  return {
    ...{ terminals, retired },
    async replace(id, enrol) {
      const plan = options.terminals.find((known) => known.id === (id as TerminalId));
      const old = terminals.get(id);
      if (!plan || !old) throw new Error(`there is no terminal ${id}`);
      old.board.powerOff();
      retired.push({ id, terminal: old });
      const enrolment = 1 + retired.filter((gone) => gone.id === id).length;
      await enrol(enrolment);
      const fresh = openTerminal(options, plan, enrolment);
      terminals.set(id, fresh);
      fresh.board.powerOn();
      return fresh;
    },
  };
}

function openTerminal(options: FleetOptions, plan: TerminalPlan, enrolment: number): Terminal {
  const { clock, secret, complaints } = options;
  const program = loadProgram(imageFor(plan));
  const terminal = createTerminal({
    ...program,
    ...(options.roomsStay ? { image: wholeProgram(program.image) } : {}),
    ...{ clock, flash: createFlash(), network: options.network, acceptor: options.acceptor, patienceMs: options.patienceMs },
    config: {
      terminal: plan.id,
      kind: plan.kind,
      key: toHex(terminalKey(secret, plan.id, enrolment)),
      host: "127.0.0.1",
      port: options.port,
      school: options.schoolNumber,
      line: plan.line,
      printer: plan.printer === undefined ? undefined : { name: plan.printer, ...escpos.MODELS[plan.printer] },
      signer: options.signer,
      keypad: plan.keypad === undefined ? undefined : keypad.LAYOUTS[plan.keypad],
    },
  });
  terminal.listen(({ line, bytes }) => {
    if (line === "console") complaints.push(`terminal ${plan.id}: ${Buffer.from(bytes).toString("latin1")}`);
  });
  return terminal;
}
