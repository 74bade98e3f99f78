import { tellFlows } from "./_cut-flow.test.js";
import { KIOSK_FLOWS } from "./_cut-kiosk.test.js";

tellFlows(KIOSK_FLOWS);
