import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import test from "ava";

const main = fileURLToPath(new URL("./main.js", import.meta.url));

const slips: readonly (readonly [args: readonly string[], said: RegExp])[] = [
  [["--faults", "cable,flood"], /"cable,flood"[^]*cloud-away[^]*cable[^]*power-cut/],
  [["--days", "0"], /--days is a whole number from 1/],
  [["--size", "huge"], /--size is one of full, short, brief/],
  [["--campaign", "many"], /--campaign is a number of school days/],
  [["--watch", "--story"], /--watch goes with neither/],
  [["--seed", "seven"], /--seed is a whole number/],
  [["--weeks", "2"], /--weeks/],
];

for (const [args, said] of slips) {
  test(`sim ${args.join(" ")}: exit 2 and a sentence that helps`, (t) => {
    const { status, stderr, stdout } = spawnSync(process.execPath, [main, "sim", ...args], { encoding: "utf8" });
    t.is(status, 2, stderr);
    t.regex(stderr, said);
    t.is(stdout, "");
  });
}
