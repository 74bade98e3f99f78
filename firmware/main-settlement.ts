/** The image of the settlement terminal. */
import { complain, joinNetwork, openBoard, readConfig } from "./espruino.js";
import { stepSettlement } from "./settlement.js";
import { beginSettlement, settlementRests } from "./settlement-state.js";
import { viewSettlement } from "./settlement-view.js";
import { startTerminal } from "./run.js";
import { cydWiring } from "./wiring.js";

const config = readConfig("settlement");
const wiring = cydWiring();
const board = openBoard(wiring, false);
if (typeof config === "string") complain(board, config);
else {
  joinNetwork(config, wiring);
  startTerminal(board, config, { begin: beginSettlement, step: stepSettlement, view: viewSettlement, rests: settlementRests }, null);
}
