/** The image of the settlement terminal. */
import { complain, openBoard, readConfig } from "./espruino.js";
import { stepSettlement } from "./settlement.js";
import { beginSettlement, settlementRests } from "./settlement-state.js";
import { viewSettlement } from "./settlement-view.js";
import { startTerminal } from "./run.js";

const config = readConfig("settlement");
const board = openBoard("settlement", false);
if (typeof config === "string") complain(board, config);
else startTerminal(board, config, { begin: beginSettlement, step: stepSettlement, view: viewSettlement, rests: settlementRests }, null);
