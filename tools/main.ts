import { availableCommands, helpText, type Command } from "./command.js";

/** Exit code for a command line that makes no sense, apart from 1 for work that was tried and failed. */
const usageError = 2;

async function dispatch(words: string[]): Promise<number> {
  const [name, ...rest] = words;
  const names = availableCommands();
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    console.log(helpText(names));
    return name === undefined ? usageError : 0;
  }
  if (!names.includes(name)) {
    console.error(`There is no command "${name}".\n${helpText(names)}`);
    return usageError;
  }
  // Loaded only now: `tidy` must work when the gateway's native module does not.
  const command = (await import(`./${name}.js`)) as Command;
  return command.run(rest);
}

/** parseArgs throws for an unknown option: that is the person's slip, answered with one sentence and no stack. */
function isUsageSlip(error: unknown): error is Error {
  return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}

try {
  process.exitCode = await dispatch(process.argv.slice(2));
} catch (error) {
  if (!isUsageSlip(error)) throw error;
  console.error(error.message);
  process.exitCode = usageError;
}
