import { tellFlows } from "./_cut-flow.test.js";
import { NOTE_FLOWS } from "./_cut-note.test.js";

tellFlows(NOTE_FLOWS);
