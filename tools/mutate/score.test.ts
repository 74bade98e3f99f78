import test from "ava";
import { formatScores, scoresOf } from "./score.js";

const source = "const due =\n  price > paid;\n";
const mutant = (status: string) => ({
  ...{ mutatorName: "EqualityOperator", replacement: "price >= paid", status },
  location: { start: { line: 2, column: 3 }, end: { line: 2, column: 15 } },
});

test("a fault that no test noticed or reached lowers the score and is named; one that could not be built counts for nothing", (t) => {
  const mutants = ["Killed", "Timeout", "Killed", "Survived", "NoCoverage", "CompileError", "Ignored"].map(mutant);
  const scores = scoresOf({ files: { "protocol/dist/rules/sale.js": { source, mutants } } });
  t.deepEqual(scores.total, { noticed: 3, unnoticed: 2, score: 60 });
  t.deepEqual(scores.survivors, Array(2).fill("rules/sale.js:2: price > paid → price >= paid"));
  t.regex(formatScores(scores), /rules\/sale\.js +5 faults +2 unnoticed +60\.0 %\nall +5 faults/);
});

test("what has no faults in it has none unnoticed", (t) => t.is(scoresOf({ files: {} }).total.score, 100));
