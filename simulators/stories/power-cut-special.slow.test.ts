import { tellFlows } from "./_cut-flow.test.js";
import { SPECIAL_FLOWS } from "./_cut-special.test.js";

tellFlows(SPECIAL_FLOWS);
