import test from "ava";
import { testStore } from "./_contract.test.js";
import { createMemoryStore } from "./memory.js";

testStore(test, "memory", async () => ({ store: createMemoryStore(), school: 1 }));
