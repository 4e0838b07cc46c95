/** The files that a command is told to write: none may be one that it reads, and no two the same. */
import path from "node:path";
import type { RunConfig } from "../config/runConfig";
import { fileIdentity } from "../run/diskWrites";
import type { ConfigText } from "./arguments";
import { UsageError } from "./usage";

/** What the options --events and --weights name, if they are given. */
export interface Outputs {
  events?: string | undefined;
  weights?: string | undefined;
}

/**
 * Throws a UsageError that names both, when writing an output would destroy another file of the run.
 *
 * @param config null for a run that reads no files
 */
export async function refuseClashes(
  outputs: Outputs,
  { name, file }: Pick<ConfigText, "name" | "file">,
  config: Pick<RunConfig, "data" | "network"> | null,
): Promise<void> {
  const beside = (input: string): string => path.resolve(path.dirname(file), input);
  const taken = new Map<string, string>();
  const inputs: [what: string, file: string | undefined][] = [
    [`the run config ${name}`, file],
    ...Object.entries({
      "data.file": config?.data.file,
      "data.validationFile": config?.data.validationFile,
      "data.testFile": config?.data.testFile,
      "network.initialWeights": config?.network.initialWeights,
    }).map(([key, input]): [string, string | undefined] => [
      `${input}, which ${key} names`,
      input && beside(input),
    ]),
  ];
  for (const [what, input] of inputs) {
    const identity = input === undefined ? null : await fileIdentity(input);
    if (identity !== null) taken.set(identity, what);
  }
  for (const option of ["events", "weights"] as const) {
    const output = outputs[option];
    if (output === undefined || (option === "events" && output === "-")) continue;
    const identity = await fileIdentity(output);
    if (identity === null) continue;
    const other = taken.get(identity);
    if (other !== undefined) throw new UsageError(`--${option} ${output} would overwrite ${other}`);
    taken.set(identity, `the file of --${option}`);
  }
}
