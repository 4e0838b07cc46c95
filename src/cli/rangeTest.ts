/** `downhill range-test`: which learning rates a network can be trained with. */
import { formatProblem } from "../config/problem";
import { DataError } from "../data/dataError";
import { FormatError } from "../formats/formatError";
import { commonConfig } from "../run/learningRateSweep";
import { ConfigError } from "../run/material";
import { formatNumber } from "../run/numberText";
import { rangeTest, rangeTestSentence } from "../run/rangeTest";
import { readRunConfig } from "../run/readRunConfig";
import { PathError, workspaceFolderFor } from "../run/workspace";
import type { RangeTest } from "../protocol/rangeTest";
import { readArguments, readConfigText } from "./arguments";
import { CommandError, exitStatus } from "./usage";

/** Lines of the table, and characters of its widest bar. */
const lines = 20;
const barWidth = 40;

/** Prints the loss at ascending learning rates and a suggestion. Returns the exit status. */
export async function testLearningRates(args: string[]): Promise<number> {
  const config = await readConfigText(readArguments("range-test", "run config", args, {}).operand);
  const { file, name, text, language } = config;
  const { functionConfig, problems } = readRunConfig(text, language);
  const first = problems.find(({ severity }) => severity === "error");
  if (first) throw new CommandError(formatProblem(name, text, first), exitStatus.wrongInput);
  const configText = commonConfig(text, language);
  if (functionConfig || configText === null) {
    throw new CommandError(
      `${name} minimises a function, which has no batches to test learning rates on; compare several of them with "compare".`,
      exitStatus.wrongInput,
    );
  }
  try {
    const test = await rangeTest(
      {
        id: "range-test",
        configFile: file,
        configText,
        workspaceFolder: workspaceFolderFor(file, process.cwd()),
        runsFolder: null,
        steps: "thinned",
        trajectory: false,
      },
      { progress: () => undefined, breathe: () => Promise.resolve() },
    );
    process.stdout.write(`${tableOf(test)}\n${rangeTestSentence(test)}\n`);
    return exitStatus.done;
  } catch (error) {
    const known =
      error instanceof ConfigError ||
      error instanceof PathError ||
      error instanceof DataError ||
      error instanceof FormatError;
    if (!known) throw error;
    throw new CommandError(error.message, exitStatus.wrongInput);
  }
}

function tableOf({ learningRates, smoothed }: RangeTest): string {
  const highest = Math.max(...smoothed);
  const count = learningRates.length;
  const rows = Array.from({ length: Math.min(lines, count) }, (_, line) => {
    const i = count <= lines ? line : Math.round((line * (count - 1)) / (lines - 1));
    const bar = "█".repeat(Math.max(1, Math.round((barWidth * smoothed[i]) / highest)));
    return `${formatNumber(learningRates[i]).padStart(10)}  ${formatNumber(smoothed[i]).padStart(10)}  ${bar}`;
  });
  return [`${"rate".padStart(10)}  ${"loss".padStart(10)}`, ...rows, ""].join("\n");
}
