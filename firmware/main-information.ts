/** The image of the information terminal. */
import { complain, joinNetwork, openBoard, readConfig } from "./espruino.js";
import { stepInformation } from "./information.js";
import { beginInformation, informationRests } from "./information-state.js";
import { viewInformation } from "./information-view.js";
import { recallWall } from "./interrupted.js";
import { startTerminal } from "./run.js";
import { withMenu } from "./technician.js";
import { TECHNICIAN } from "./technician-deed.js";
import { cydWiring } from "./wiring.js";

function startInformation(): void {
  const config = readConfig("information");
  const wiring = cydWiring();
  const board = openBoard(wiring, false);
  if (typeof config === "string") return complain(board, config);
  joinNetwork(config, wiring);
  const wall = { begin: beginInformation, step: stepInformation, view: viewInformation, rests: informationRests };
  startTerminal(board, config, recallWall(board), withMenu(wall), null, TECHNICIAN);
}

startInformation();
