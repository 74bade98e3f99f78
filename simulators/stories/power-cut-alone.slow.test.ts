import { tellCuts } from "./_power-cut-story.test.js";

tellCuts(true);
