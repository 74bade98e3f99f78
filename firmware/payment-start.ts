/** Starts the payment terminal. Each of its two images carries one validator's line: both would not fit beside everything else. */
import type { Driver } from "./acceptor.js";
import type { Config } from "./board.js";
import { complain, joinNetwork, openBoard, openBus, readConfig } from "./espruino.js";
import { recallKiosk } from "./interrupted.js";
import { stepPayment } from "./payment.js";
import { beginPayment, paymentRests } from "./payment-state.js";
import { viewPayment } from "./payment-view.js";
import { startTerminal } from "./run.js";
import { withMenu } from "./technician.js";
import { TECHNICIAN } from "./technician-deed.js";
import { openKeypad } from "./typing.js";
import { s3Wiring } from "./wiring.js";

/** `line`: which one `driver` speaks. */
export function startPayment(line: Config["line"], driver: Driver): void {
  const config = readConfig("payment");
  const wiring = s3Wiring();
  const board = openBoard(wiring, line === "id003");
  if (typeof config === "string") complain(board, config);
  else if (config.line !== line) complain(board, "config: line is " + config.line + ", not " + line);
  else {
    joinNetwork(config, wiring);
    const kiosk = { begin: beginPayment, step: stepPayment, view: viewPayment, rests: paymentRests };
    const runner = startTerminal(board, config, recallKiosk(board), withMenu(kiosk), driver, TECHNICIAN);
    if (config.keypad !== "") openKeypad(runner, openBus(wiring.aside));
  }
}
