/** The image of the settlement terminal. */
import { createCharacterDisplay, showLines } from "./devices/hd44780.js";
import { complain, joinNetwork, openBoard, openBus, readConfig } from "./espruino.js";
import { recallTill } from "./interrupted.js";
import { stepSettlement } from "./settlement.js";
import { besideSettlement } from "./settlement-beside.js";
import { beginSettlement, settlementRests } from "./settlement-state.js";
import type { SettlementState } from "./settlement-state.js";
import { viewSettlement } from "./settlement-view.js";
import { startTerminal } from "./run.js";
import { withMenu } from "./technician.js";
import { TECHNICIAN } from "./technician-deed.js";
import { openKeypad } from "./typing.js";
import { cydWiring } from "./wiring.js";

function startSettlement(): void {
  const config = readConfig("settlement");
  const wiring = cydWiring();
  const board = openBoard(wiring, false);
  if (typeof config === "string") return complain(board, config);
  joinNetwork(config, wiring);
  const bus = openBus(wiring.aside);
  const display = createCharacterDisplay(bus, board.clock);
  const beside = function (state: SettlementState): boolean {
    return showLines(display, besideSettlement(state));
  };
  const till = { begin: beginSettlement, step: stepSettlement, view: viewSettlement, beside, rests: settlementRests };
  const runner = startTerminal(board, config, recallTill(board), withMenu(till), null, TECHNICIAN);
  if (config.keypad !== "") openKeypad(runner, bus);
}

startSettlement();
