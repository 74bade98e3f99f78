import test from "ava";
import { testStore } from "./contract.js";
import { createMemoryStore } from "./memory.js";

testStore(test, "memory", async () => ({ store: createMemoryStore(), school: 1 }));
