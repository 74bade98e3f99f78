import { tellCuts } from "./_power-cut-story.test.js";

tellCuts(true, "id003");
tellCuts(false, "id003");
