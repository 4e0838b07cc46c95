#!/usr/bin/env node
/** The command line: the same runs as in the editor, from a terminal. */
import { writeFault } from "../run/runFolder";
import { errorCode } from "../run/workspace";
import { check } from "./check";
import { cluster } from "./cluster";
import { describe } from "./describe";
import { exportRun } from "./export";
import { predict } from "./predict";
import { testLearningRates } from "./rangeTest";
import { reproduce } from "./reproduce";
import { train } from "./train";
import { CommandError, exitStatus, usage, UsageError } from "./usage";

/** Runs a command and returns its exit status. */
async function run(args: string[]): Promise<number> {
  const [command, ...rest] = args as [string?, ...string[]];
  if (command === "--version") return print(`${DOWNHILL_VERSION}\n`);
  const help = args.slice(0, args.includes("--") ? args.indexOf("--") : undefined);
  if (help.includes("--help") || help.includes("-h")) return print(usage);
  if (command === "train") return train(rest);
  if (command === "check") return check(rest);
  if (command === "range-test") return testLearningRates(rest);
  if (command === "describe") return describe(rest);
  if (command === "predict") return predict(rest);
  if (command === "export") return exportRun(rest);
  if (command === "reproduce") return reproduce(rest);
  if (command === "cluster") return cluster(rest);
  if (command === undefined)
    throw new UsageError(
      "A command is needed: train, check, range-test, describe, predict, export, reproduce or cluster",
    );
  throw new UsageError(`There is no command ${command}`);
}

function print(text: string): number {
  process.stdout.write(text);
  return exitStatus.done;
}

/** One line on stderr, whatever the message holds. */
function complain(message: string): void {
  process.stderr.write(`downhill: ${message.replaceAll(/\s*[\r\n]+\s*/g, " ")}\n`);
}

process.stderr.on("error", () => undefined);

let outputFault: unknown = null;
process.stdout.on("error", (error) => {
  outputFault ??= error;
});
process.on("exit", () => {
  // Whoever reads the output may stop reading; train.ts ends its run then.
  if (outputFault === null || errorCode(outputFault) === "EPIPE") return;
  if (process.exitCode === exitStatus.failed) return;
  complain(`The output cannot be written, as ${writeFault(outputFault)}.`);
  process.exitCode = exitStatus.failed;
});

run(process.argv.slice(2)).then(
  (status) => (process.exitCode = status),
  (error: unknown) => {
    if (error instanceof UsageError) {
      complain(`${error.message}; see downhill --help.`);
      process.exitCode = exitStatus.wrongUsage;
    } else if (error instanceof CommandError) {
      complain(error.message);
      process.exitCode = error.status;
    } else {
      complain(
        `a fault in Downhill: ${error instanceof Error ? error.message : String(error)}; please report it.`,
      );
      process.exitCode = exitStatus.failed;
    }
  },
);
