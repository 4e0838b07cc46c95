/** `run.json`: what a run is, there before step 1 and brought up to date as it ends. */
import { readFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { RunConfig } from "../config/runConfig";
import type { Preparation } from "../data/preparation";
import type { RunChange } from "../protocol/changes";
import type { BranchedFrom, RunDescription, RunResult, RunStatus } from "../protocol/run";
import type { FunctionRunFile } from "./functionFolder";
import { writeAtomically } from "./diskWrites";
import type { Owner } from "./owner";

/** What tells whether a file is still the one that a run was made from. */
export interface Fingerprint {
  /** Absolute path. */
  file: string;
  bytes: number;
  sha256: string;
}

/** That a run was cut off or stopped, and went on later. */
export interface Resumption {
  /** Milliseconds since 1970. */
  at: number;
  /** The step from which it went on: that of a checkpoint. */
  step: number;
  versions: Versions;
  kernel: string;
}

export interface Versions {
  downhill: string;
  node: string;
  platform: string;
}

export interface RunFile {
  /** The version of this layout. */
  format: 1;
  id: string;
  name: string;
  configFile: string;
  /** Files that the config names lie in it. */
  workspaceFolder: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  status: RunStatus;
  owner: Owner;
  versions: Versions;
  /** Equal kernels give equal bits. */
  kernel: string;
  /** Set when a fault in the kernel made the run go on with another one. */
  kernelAtEnd?: string;
  data: Fingerprint;
  validationData: Fingerprint | null;
  /** Absent in runs of the first release. */
  testData?: Fingerprint | null;
  initialWeights: Fingerprint | null;
  /** With every default filled in. */
  config: RunConfig;
  /** As the user wrote it. */
  configText: string;
  description: RunDescription;
  preparation: Preparation;
  /** Set of a branch: the run and the step where it began. */
  branchedFrom?: BranchedFrom;
  /** Settings that were changed while the run went on, oldest first. */
  changes: RunChange[];
  resumptions: Resumption[];
  warnings: string[];
  result: RunResult | null;
}

export const runFileName = "run.json";

export function versionsNow(): Versions {
  return {
    downhill: DOWNHILL_VERSION,
    node: process.versions.node,
    platform: `${os.platform()}-${os.arch()}`,
  };
}

export async function writeRunFile(folder: string, run: RunFile | FunctionRunFile): Promise<void> {
  await writeAtomically(path.join(folder, runFileName), JSON.stringify(run, null, 2) + "\n");
}

/** Reads the `run.json` of a network's run. Throws when there is none or it is no such run. */
export async function readRunFile(folder: string): Promise<RunFile> {
  const run = await readAnyRunFile(folder);
  if (isFunctionRun(run)) {
    throw new Error(
      `${path.join(folder, runFileName)} describes a descent on a function, which has no network.`,
    );
  }
  // What the first version did not write.
  const missing = { workspaceFolder: path.dirname(run.configFile), changes: [], resumptions: [] };
  return { ...missing, ...run };
}

export function isFunctionRun(run: RunFile | FunctionRunFile): run is FunctionRunFile {
  return run.description.function !== undefined;
}

/** Reads a run folder's `run.json`. Throws when there is none or it is no run. */
export async function readAnyRunFile(folder: string): Promise<RunFile | FunctionRunFile> {
  const run = JSON.parse(await readFile(path.join(folder, runFileName), "utf8")) as Partial<RunFile> | null;
  const described = run?.owner && run.description && run.config && typeof run.startedAt === "number";
  if (run?.format !== 1 || typeof run.id !== "string" || typeof run.name !== "string" || !described) {
    throw new Error(`${path.join(folder, runFileName)} does not describe a run of this version of Downhill.`);
  }
  return run as RunFile;
}
