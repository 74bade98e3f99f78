import { existsSync } from "node:fs";

/** What every command module exports: it gets the words after its name and answers with the exit code of the process. */
export interface Command {
  run(args: string[]): Promise<number>;
}

/** Every command of the house with the sentence that `help` prints, in the order in which a newcomer meets them. */
export const commands: ReadonlyMap<string, string> = new Map([
  ["demo", "Runs a school: the cloud, one gateway and three terminals on this machine (this is `npm start`)."],
  ["bench", "Measures: `bench firmware [--json]` weighs the images, their memory on a real Espruino, and the bytes on the wire."],
  ["sim", "Simulates school days on virtual time from a seed and prints the result as JSON."],
  ["verify", "Checks a gateway's journal and the cloud's ledger: signatures, Merkle root, order, rules, sums."],
  ["gateway", "Makes a school's gateway, backs it up, restores or replaces it, and tries that on a copy: `gateway help` tells how."],
  ["backup", "Copies a cloud's database while it works, or tries a copy: `backup --to <folder>`, `backup drill --from <folder>`."],
  ["restore", "Brings a copy of a cloud's database back into an empty one."],
  [
    "school",
    "Opens a school and tells it its settings, takes it out of a cloud with all its history, brings it into an empty one: `school set | export | import`.",
  ],
  ["staff", "Makes the office's first operator, or shows the demonstration's one-time code: `staff operator | code`."],
  ["partner", "Says who is told of what is posted in a school, and gives them their key: `partner add | list | remove`."],
  ["openapi", "Writes the description of the cloud's doors for machines, as the cloud serves it, into docs/openapi.json."],
  ["flash", "Puts a terminal's program, words and fonts into a real board, over a serial port or TCP."],
  ["enrol", "Tells a board which terminal it is, where its gateway is, and their key."],
  ["selftest", "Runs a board's checks: devices, flash, memory, network; prints a table."],
  ["card-desk", "Makes cards at a PC/SC reader, as a page of the office has begun; `card-desk keys` takes their keys from a gateway."],
  ["sniff", "Tells in words what runs over a wire: a serial tap, a recorded text, or a terminal's MQTT."],
  ["build", "Bundles the firmware into the three terminal images and weighs them against the chip's budget."],
  ["release", "Makes and signs what terminals take over the wire: `release keygen | make | sign | show`."],
  ["wave", "Lets a release into a school, some terminals first: `wave show | start | pause | resume | next | back`."],
  ["pictures", "Plays the demonstration a few steps in a browser and keeps its screens and pages as pictures in docs/pictures."],
  ["test", "Checks the laws of the house and runs every test (this is `npm test`; --fast leaves out the slow ones)."],
  ["coverage", "Says which share of the branches of the money paths the tests take: rules, journal, outbox, postings."],
  ["mutate", "Puts small faults into the rules of money, one at a time, and counts which the rules' own tests notice (by Stryker)."],
  ["fuzz", "Gives every parser of the wire and of files bytes that lead where none have led: `fuzz --seconds 600 [--keep]`."],
  ["versions", "Runs every test on each Node that Trapeza supports, in a clone of its own: `versions 20 22 24 [--fast]`."],
  [
    "espruino",
    "Plays a school morning on a real Espruino, or on the simulated board when there is none (this is `npm run test:espruino`).",
  ],
  ["lint", "Checks formatting, the usual mistakes and the laws of the house."],
  ["tidy", "Checks only the laws of the house: who may import whom, purity, sizes, names, money."],
]);

/** The commands whose compiled module is present beside this one. */
export function availableCommands(): string[] {
  return [...commands.keys()].filter((name) => existsSync(new URL(`./${name}.js`, import.meta.url)));
}

/** The text of `help`: one line for each command that exists. */
export function helpText(names: readonly string[]): string {
  const lines = names.map((name) => `  ${name.padEnd(9)} ${commands.get(name) ?? ""}`);
  return ["Usage: npm run tool -- <command> [options]", "", ...lines].join("\n");
}
