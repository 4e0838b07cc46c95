/** `downhill check`: the problems of a run config, one a line. */
import { parseJson } from "../config/text/json";
import { formatProblem, type Problem } from "../config/problem";
import type { RunConfig } from "../config/runConfig";
import { nodeAt } from "../config/text/textTree";
import { parseYaml } from "../config/text/yaml";
import { findInitialWeights } from "../run/initialWeights";
import { readRunConfig } from "../run/readRunConfig";
import { resolveInWorkspace, workspaceFolderFor } from "../run/workspace";
import { readArguments, readConfigText, type ConfigText } from "./arguments";
import { exitStatus } from "./usage";

/** Prints every problem, also of the files that the config names. Returns the exit status. */
export async function check(args: string[]): Promise<number> {
  const config = await readConfigText(readArguments("check", "run config", args, {}).operand);
  const parsed = readRunConfig(config.text, config.language);
  const missing = parsed.config ? await missingFiles(config, parsed.config) : [];
  const problems = [...parsed.problems, ...missing];
  process.stdout.write(
    problems.map((problem) => `${formatProblem(config.name, config.text, problem)}\n`).join(""),
  );
  return problems.length > 0 ? exitStatus.wrongInput : exitStatus.done;
}

async function missingFiles(
  { file, text, language }: ConfigText,
  { data, network }: RunConfig,
): Promise<Pick<Problem, "start" | "message">[]> {
  const named: [string[], string | undefined][] = [
    [["data", "file"], data.file],
    [["data", "validationFile"], data.validationFile],
    [["data", "testFile"], data.testFile],
    [["network", "initialWeights"], network.initialWeights],
  ];
  const { root } = language === "json" ? parseJson(text) : parseYaml(text);
  const workspaceFolder = workspaceFolderFor(file, process.cwd());
  const problems = [];
  for (const [key, value] of named) {
    if (value === undefined) continue;
    try {
      if (key[0] === "network") await findInitialWeights(value, file, workspaceFolder);
      else await resolveInWorkspace(value, key.join("."), file, workspaceFolder);
    } catch (error) {
      const start = (root && nodeAt(root, key)?.start) ?? 0;
      problems.push({ start, message: error instanceof Error ? error.message : String(error) });
    }
  }
  return problems;
}
