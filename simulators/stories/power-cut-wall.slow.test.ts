import { tellFlows } from "./_cut-flow.test.js";
import { WALL_FLOWS } from "./_cut-wall.test.js";

tellFlows(WALL_FLOWS);
