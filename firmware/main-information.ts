/** The image of the information terminal. */
import { complain, openBoard, readConfig } from "./espruino.js";
import { stepInformation } from "./information.js";
import { beginInformation, informationRests } from "./information-state.js";
import { viewInformation } from "./information-view.js";
import { startTerminal } from "./run.js";

const config = readConfig("information");
const board = openBoard("information", false);
if (typeof config === "string") complain(board, config);
else startTerminal(board, config, { begin: beginInformation, step: stepInformation, view: viewInformation, rests: informationRests }, null);
