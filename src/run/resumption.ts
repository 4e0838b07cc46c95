/** Going on with a run that was cut off or stopped: what must be as it was, and where it goes on. */
import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import type { ConfigLanguage } from "../config/files";
import { runConfigLanguage } from "../config/files";
import { parseRunConfig } from "../config/parse";
import type { Network } from "../engine/engine";
import { decodeCheckpoint, type Checkpoint } from "./checkpoint";
import { removeUnfinishedWrites } from "./diskWrites";
import { isOwnJournal } from "./journal";
import { dropKeyframesAfter, keyframeFile, keyframeSteps } from "./keyframes";
import { ConfigError, type Material } from "./material";
import { readRunFile, type Fingerprint, type RunFile } from "./runFile";
import { checkpointName, startName, trajectoryName } from "./runFolder";
import { lockRun } from "./runLock";
import { pathName } from "./pathFile";
import { DataError } from "../data/dataError";
import { errorCode, PathError } from "./workspace";

/** A run folder that this process may write into, and no other. */
export interface OpenedRun {
  folder: string;
  run: RunFile;
  unlock: () => Promise<void>;
}

/** Takes a run's folder over. Throws a PathError when it is no run, a RunInUseError when another process has it. */
export async function openRun(folder: string): Promise<OpenedRun> {
  try {
    await readRunFile(folder);
  } catch (error) {
    const reason = errorCode(error) === "ENOENT" ? `there is no run in ${folder}` : `${folder} holds no run`;
    throw new PathError(`The run cannot be resumed: ${reason}.`);
  }
  const unlock = await lockRun(folder);
  try {
    return { folder, run: await readRunFile(folder), unlock };
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** Whether a run made its last step: then there is nothing to go on with. */
export function hasEnded({ status }: Pick<RunFile, "status">): boolean {
  return status === "completed" || status === "early-stopped" || status === "diverged";
}

/** Throws a ConfigError when a config's text does not mean what the run began with. */
export function expectSameConfig(
  run: Pick<RunFile, "id" | "configFile" | "configText">,
  configFile: string,
  configText: string,
): void {
  if (configText === run.configText) return;
  const name = path.basename(configFile);
  const read = (text: string, file: string): object | null => {
    const { config, functionConfig } = parseRunConfig(text, languageOf(file));
    return config ?? functionConfig;
  };
  const given = read(configText, configFile);
  const stored = read(run.configText, run.configFile);
  const key = given && stored ? firstDifference(stored, given) : null;
  if (given && stored && key === null) return;
  const what = key === null ? "" : ` in "${key}"`;
  throw new ConfigError(
    `${name} differs${what} from the config that the run ${run.id} began with; write it as it was to resume the run, or train anew.`,
  );
}

/**
 * Throws a DataError when a file is not the one that the run began with.
 *
 * @param purpose what the file is wanted for, after "put it back as it was to"
 */
export function expectSameFiles(
  run: RunFile,
  {
    data,
    validationData,
    testData,
    initialWeights,
  }: Pick<Material, "data" | "validationData" | "testData" | "initialWeights">,
  purpose = "resume the run, or train anew",
): void {
  const files: [then: Fingerprint | null, now: Fingerprint | null][] = [
    [run.data, data],
    [run.validationData, validationData],
    [run.testData ?? null, testData],
    [run.initialWeights, initialWeights],
  ];
  for (const [then, now] of files) {
    if (then?.sha256 === now?.sha256) continue;
    throw new DataError(
      `${path.basename((now ?? then)?.file ?? "")} has changed since the run ${run.id} began; put it back as it was to ${purpose}.`,
    );
  }
}

/**
 * The last checkpoint that can be read, and the folder as it was then: what was written after it is removed. A branch has at
 * least the state that it began with; null when there is none: the run begins anew.
 */
export async function goBackToCheckpoint(folder: string, network: Network): Promise<Checkpoint | null> {
  await removeUnfinishedWrites(folder);
  const checkpoint = await lastCheckpoint(folder, network);
  await dropKeyframesAfter(folder, checkpoint?.state.step ?? -1);
  if (checkpoint) return checkpoint;
  const names = await readdir(folder);
  const begun = names.filter(
    (name) => isOwnJournal(name) || [checkpointName, trajectoryName, pathName].includes(name),
  );
  for (const name of begun) await rm(path.join(folder, name));
  return readCheckpoint(path.join(folder, startName), network);
}

async function lastCheckpoint(folder: string, network: Network): Promise<Checkpoint | null> {
  const keyframes = (await keyframeSteps(folder)).reverse().map((step) => keyframeFile(folder, step));
  for (const file of [path.join(folder, checkpointName), ...keyframes]) {
    const checkpoint = await readCheckpoint(file, network);
    if (checkpoint && checkpoint.restoredEpoch === undefined) return checkpoint;
  }
  return null;
}

/** Null when there is none, or it is damaged. */
export async function readCheckpoint(file: string, network: Network): Promise<Checkpoint | null> {
  try {
    return decodeCheckpoint(await readFile(file), network);
  } catch {
    return null;
  }
}

function languageOf(file: string): ConfigLanguage {
  return runConfigLanguage(file) ?? (/\.ya?ml$/i.test(file) ? "yaml" : "json");
}

/** The first key in which two configs differ, e.g. "optimizer.learningRate"; null when they are the same. */
export function firstDifference(a: object, b: object): string | null {
  const difference = (x: unknown, y: unknown, key: string): string | null => {
    if (!isRecord(x) || !isRecord(y)) return JSON.stringify(x) === JSON.stringify(y) ? null : key;
    for (const name of new Set([...Object.keys(x), ...Object.keys(y)])) {
      const found = difference(x[name], y[name], key === "" ? name : `${key}.${name}`);
      if (found !== null) return found;
    }
    return null;
  };
  return difference(a, b, "");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
