import { tellFlows } from "./_cut-flow.test.js";
import { TILL_FLOWS } from "./_cut-till.test.js";

tellFlows(TILL_FLOWS);
