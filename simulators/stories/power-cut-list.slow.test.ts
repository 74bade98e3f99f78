import { tellFlows } from "./_cut-flow.test.js";
import { LIST_FLOWS } from "./_cut-list.test.js";

tellFlows(LIST_FLOWS);
