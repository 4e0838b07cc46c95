/** `downhill check`: the problems of a run config, one a line. */
import { parseJson } from "../config/text/json";
import { formatProblem, type Problem } from "../config/problem";
import type { RunConfig } from "../config/runConfig";
import { nodeAt } from "../config/text/textTree";
import { parseYaml } from "../config/text/yaml";
import { dataProblems } from "../run/dataProblems";
import { findInitialWeights } from "../run/initialWeights";
import { readRunConfig } from "../run/readRunConfig";
import { workspaceFolderFor } from "../run/workspace";
import { readArguments, readConfigText, type ConfigText } from "./arguments";
import { dataAccess } from "./dataAccess";
import { exitStatus } from "./usage";

type Found = Pick<Problem, "start" | "message">;

/** Prints every problem, also of the files and columns that the config names. Returns the exit status. */
export async function check(args: string[]): Promise<number> {
  const config = await readConfigText(readArguments("check", "run config", args, {}).operand);
  const { file, text, language } = config;
  const workspaceFolder = workspaceFolderFor(file, process.cwd());
  const parsed = readRunConfig(text, language);
  const problems: Found[] = [
    ...parsed.problems,
    ...(await dataProblems(text, language, dataAccess(file, workspaceFolder))),
  ];
  const configs = parsed.variants?.map((one) => readRunConfig(one.text, "json").config) ?? [parsed.config];
  for (const one of configs) {
    const missing = one ? await missingWeights(config, one, workspaceFolder) : [];
    // What several runs lack is told once.
    problems.push(...missing.filter(({ message }) => problems.every((known) => known.message !== message)));
  }
  problems.sort((a, b) => a.start - b.start);
  process.stdout.write(problems.map((problem) => `${formatProblem(config.name, text, problem)}\n`).join(""));
  return problems.length > 0 ? exitStatus.wrongInput : exitStatus.done;
}

async function missingWeights(
  { file, text, language }: ConfigText,
  { network }: RunConfig,
  workspaceFolder: string,
): Promise<Found[]> {
  if (network.initialWeights === undefined) return [];
  try {
    await findInitialWeights(network.initialWeights, file, workspaceFolder);
    return [];
  } catch (error) {
    const { root } = language === "json" ? parseJson(text) : parseYaml(text);
    const start = (root && nodeAt(root, ["network", "initialWeights"])?.start) ?? 0;
    return [{ start, message: error instanceof Error ? error.message : String(error) }];
  }
}
