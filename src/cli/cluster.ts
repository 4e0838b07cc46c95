/** `downhill cluster`: prepares a run for many machines, and prints how each of them starts it. */
import path from "node:path";
import { runNameOf } from "../config/files";
import { formatProblem } from "../config/problem";
import type { PyTorchEngineConfig } from "../config/runConfig";
import type { RunResult } from "../protocol/run";
import type { StartRun } from "../protocol/worker";
import { kubernetesJob, slurmScript, torchrunLines } from "../pytorch/cluster";
import { readRunConfig } from "../run/readRunConfig";
import { createRunId } from "../run/runId";
import { startRun } from "../run/startRun";
import { runsFolderOf, workspaceFolderFor } from "../run/workspace";
import { readArguments, readConfigText, type ConfigText } from "./arguments";
import { CommandError, exitStatus, UsageError } from "./usage";

const options = {
  slurm: { type: "boolean" },
  kubernetes: { type: "boolean" },
  runs: { type: "string" },
} as const;

/** Makes the run's folder, prints to standard output and returns the exit status. Throws a UsageError or a CommandError. */
export async function cluster(args: string[]): Promise<number> {
  const { values, operand } = readArguments("cluster", "run config", args, options);
  if (values.runs === "") throw new UsageError("--runs needs a name");
  if (values.slurm && values.kubernetes) throw new UsageError("--slurm and --kubernetes exclude each other");
  const config = await readConfigText(operand);
  const engine = engineOf(config);
  const workspaceFolder = workspaceFolderFor(config.file, process.cwd());
  const name = runNameOf(config.file);
  const start: StartRun = {
    id: createRunId(name, new Date()),
    configFile: config.file,
    configText: config.text,
    workspaceFolder,
    runsFolder: values.runs ? path.resolve(values.runs) : runsFolderOf(workspaceFolder),
    steps: "thinned",
    trajectory: false,
    prepare: true,
  };
  const { result, folder } = await prepared(start);
  if (result.status !== "stopped" || folder === null) {
    const status = result.cause === "internal" ? exitStatus.failed : exitStatus.wrongInput;
    throw new CommandError(result.message, status);
  }
  const run = { name, id: path.basename(folder), folder, engine };
  const print = values.slurm ? slurmScript : values.kubernetes ? kubernetesJob : torchrunLines;
  process.stdout.write(print(run));
  process.stderr.write(
    `Note: The run is prepared in ${folder}, which each machine must see under this path.\n`,
  );
  return exitStatus.done;
}

function engineOf({ name, text, language }: ConfigText): PyTorchEngineConfig {
  const { config, functionRun, problems } = readRunConfig(text, language);
  const first = problems.find(({ severity }) => severity === "error");
  if (first || (!config && !functionRun)) {
    const problem = first ?? { start: 0, message: "The run config cannot be read." };
    throw new CommandError(formatProblem(name, text, problem), exitStatus.wrongInput);
  }
  if (config?.engine.type === "pytorch") return config.engine;
  throw new CommandError(
    `${name} is not for PyTorch; add "engine": { "type": "pytorch", "nodes": 2 } to train it on many machines.`,
    exitStatus.wrongInput,
  );
}

function prepared(start: StartRun): Promise<{ result: RunResult; folder: string | null }> {
  const trainer = startRun(start, path.join(__dirname, "worker.js"));
  let folder: string | null = null;
  return new Promise((resolve) => {
    trainer.onEvent((event) => {
      if (event.type === "start") ({ folder } = event.description);
      if (event.type === "done") resolve({ result: event.result, folder });
    });
  });
}
