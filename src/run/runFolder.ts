/**
 * The files of a run in the making. A disk that is full or read-only costs one warning, never the run: it goes on
 * in memory.
 */
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { PlaneOfParameters } from "../descent/parameterPlane";
import type { Network } from "../engine/engine";
import { encodeSafetensors } from "../formats/safetensors";
import { digits } from "../data/wording";
import type { RunChange } from "../protocol/changes";
import type { RunDescription, RunResult, Trajectory } from "../protocol/run";
import { encodeCheckpoint, type Checkpoint } from "./checkpoint";
import { besideName, makeFolder, writeAtomically } from "./diskWrites";
import type { FunctionRunFile } from "./functionFolder";
import { Journal } from "./journal";
import { keepKeyframe } from "./keyframes";
import { pathName, writePath } from "./pathFile";
import type { FollowedPath } from "./pathFollower";
import { writeRunFile, type RunFile } from "./runFile";
import { errorCode } from "./workspace";

export const checkpointName = "checkpoint.safetensors";
export const trajectoryName = "trajectory.safetensors";

/** The state that a branch began with, as a checkpoint. */
export const startName = "start.safetensors";

/** Folders that are not yet runs. A process that died in the making leaves one. */
const unfinishedPrefix = ".starting-";
const oldestUnfinished = 3_600_000;

/**
 * Makes the folder of a run, new even when two runs begin in the same millisecond. It has its run.json from its first
 * moment on. Rejects when it cannot.
 *
 * @param describe what run.json says, given the folder's path
 * @param fill writes what else the folder has from its first moment on
 */
export async function createRunFolder<Run extends RunFile | FunctionRunFile>(
  runsFolder: string,
  id: string,
  describe: (folder: string) => Run,
  fill: (folder: string) => Promise<void> = () => Promise.resolve(),
): Promise<Run> {
  await makeFolder(runsFolder);
  // Runs are not sources: kept out of version control without a line in the user's own .gitignore.
  if (path.basename(path.dirname(runsFolder)) === ".downhill") {
    const ignore = path.join(path.dirname(runsFolder), ".gitignore");
    await writeFile(ignore, "*\n", { flag: "wx" }).catch((error: unknown) => {
      if (errorCode(error) !== "EEXIST") throw error;
    });
  }
  const unfinished = besideName(path.join(runsFolder, `${unfinishedPrefix}${id}`));
  await mkdir(unfinished);
  try {
    await fill(unfinished);
    for (let attempt = 1; ; attempt++) {
      const folder = path.join(runsFolder, attempt === 1 ? id : `${id}-${attempt}`);
      if (await isThere(folder)) continue;
      const run = describe(folder);
      await writeRunFile(unfinished, run);
      try {
        await rename(unfinished, folder);
        return run;
      } catch (error) {
        // Another process was quicker.
        if (!(await isThere(folder)) || attempt >= 1000) throw error;
      }
    }
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  } finally {
    await removeUnfinishedFolders(runsFolder).catch(() => undefined);
  }
}

function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

async function removeUnfinishedFolders(runsFolder: string): Promise<void> {
  for (const name of await readdir(runsFolder)) {
    if (!name.startsWith(unfinishedPrefix)) continue;
    const folder = path.join(runsFolder, name);
    const { mtimeMs } = await stat(folder);
    if (Date.now() - mtimeMs > oldestUnfinished) await rm(folder, { recursive: true, force: true });
  }
}

/** What a save writes. */
export interface Save {
  checkpoint: Omit<Checkpoint, "journal">;
  trajectory: Trajectory | null;
  /** The plane of the trajectory, when the run has ended and its path is given up. */
  plane?: PlaneOfParameters | null;
  /** Absent where it is not yet time to write it again; null when nothing will go on with it any more. */
  path?: FollowedPath | null;
  /** Whether the run has ended: then the journal is closed first. */
  last: boolean;
}

export class RunFolder {
  journal: Journal | null = null;
  private saving: Promise<void> = Promise.resolve();
  private pendingSaves = 0;
  private working = true;
  /** The step of the last checkpoint on the disk. */
  private savedStep: number | null = null;

  /**
   * @param warn told once, when the folder has become unwritable
   * @param unlock gives the folder back
   */
  constructor(
    private readonly folder: string,
    private readonly run: RunFile,
    private readonly network: Network,
    private readonly warn: (message: string) => void,
    private readonly unlock: () => Promise<void>,
  ) {}

  /** Begins the journal of a new run. */
  async begin(): Promise<void> {
    const failed = (error: unknown): void => this.fail(error);
    this.journal = await Journal.create(this.folder, this.run.startedAt, { failed }).catch(
      (error: unknown) => {
        failed(error);
        return null;
      },
    );
  }

  /** Goes on with a run, and with its journal as it stood at the checkpoint; without one both begin anew. */
  async continue(checkpoint: Checkpoint | null): Promise<void> {
    const failed = (error: unknown): void => this.fail(error);
    this.savedStep = checkpoint?.state.step ?? null;
    await writeRunFile(this.folder, this.run).catch(failed);
    if (!checkpoint?.journal) return this.begin();
    try {
      this.journal = await Journal.continue(this.folder, checkpoint.journal, { failed });
    } catch (error) {
      // Somebody has removed it.
      if (errorCode(error) === "ENOENT") return this.begin();
      failed(error);
    }
  }

  /** Whether a save is still being written, so that a slow disk is not given the next. */
  get saveUnderWay(): boolean {
    return this.pendingSaves > 0;
  }

  /** Saves a checkpoint, and the path so far, beside the run. What the journal was told before is on the disk first. */
  save({ checkpoint, trajectory, plane, path: followed, last }: Save): void {
    this.enqueue(async () => {
      const file = path.join(this.folder, checkpointName);
      if (last) await this.journal?.close();
      const journal = (await this.journal?.mark()) ?? null;
      const parts = encodeCheckpoint(this.network, { ...checkpoint, journal });
      await writeAtomically(file, parts);
      this.savedStep = checkpoint.state.step;
      if (checkpoint.restoredEpoch === undefined) {
        const bytes = parts.reduce((sum, part) => sum + part.length, 0);
        await keepKeyframe(this.folder, file, checkpoint.state.step, bytes);
      }
      if (trajectory) {
        await writeAtomically(
          path.join(this.folder, trajectoryName),
          encodeTrajectory(trajectory, plane ?? null),
        );
      }
      if (followed) await writePath(this.folder, followed);
      else if (followed === null) await rm(path.join(this.folder, pathName), { force: true });
    });
  }

  /** Writes the settings that were changed on the way. */
  changed(changes: readonly RunChange[], description: RunDescription): void {
    Object.assign(this.run, { changes: [...changes], description });
    const now = { ...this.run };
    this.enqueue(() => writeRunFile(this.folder, now));
  }

  /** Writes how the run ended. Resolves when all is on the disk, or has failed. */
  async close(result: RunResult, warnings: readonly string[], kernel = this.run.kernel): Promise<void> {
    await this.journal?.close();
    const run: RunFile = { ...this.run, status: result.status, warnings: [...warnings], result };
    if (kernel !== this.run.kernel) run.kernelAtEnd = kernel;
    this.enqueue(() => writeRunFile(this.folder, run));
    this.enqueue(this.unlock);
    await this.saving;
  }

  /** Tells of a fault, unless one was told before. */
  fail(error: unknown): void {
    if (this.working) {
      this.warn(
        this.savedStep === null
          ? cannotKeep(this.folder, error)
          : `What comes after step ${digits(this.savedStep)} cannot be kept in ${this.folder}, as ${writeFault(error)}; ` +
              "the run goes on in memory only.",
      );
    }
    this.working = false;
  }

  private enqueue(write: () => Promise<void>): void {
    this.pendingSaves++;
    this.saving = this.saving
      .then(write)
      .catch((error: unknown) => this.fail(error))
      .finally(() => this.pendingSaves--);
  }
}

/** The warning about a folder that cannot be written. */
export function cannotKeep(folder: string, error: unknown): string {
  return (
    `The run cannot be kept in ${folder}, as ${writeFault(error)}; it goes on in memory only, ` +
    "and its history, checkpoints and weights will not be on the disk."
  );
}

/** Why writing failed, as a part of a sentence. */
export function writeFault(error: unknown): string {
  const code = errorCode(error);
  if (code === "ENOSPC") return "the disk is full";
  if (code === "EDQUOT") return "the disk quota is used up";
  if (code === "EROFS") return "the disk is read-only";
  if (code === "EACCES" || code === "EPERM") return "this user may not write there";
  if (code === "ENOTDIR" || code === "EEXIST") return "a part of that path is a file";
  if (code === "EISDIR") return "there is a folder of that name";
  if (code === "ENOENT") return "there is no such folder";
  return error instanceof Error ? error.message : String(error);
}

/** Names of the tensors of a trajectory's plane: its centre and its two directions, all parameters each. */
export const planeTensors = ["plane.center", "plane.u", "plane.v"] as const;

function encodeTrajectory(
  { step, a, b, loss, offPlane, explained, sketched }: Trajectory,
  plane: PlaneOfParameters | null,
): Uint8Array {
  const columns = Object.entries({ step, a, b, loss, offPlane, explained: Float64Array.from(explained) });
  const tensors = columns.map(([name, values]) => ({ name, shape: [values.length], values }));
  const directions = plane ? [plane.center, plane.u, plane.v] : [];
  const ofPlane = directions.map((values, i) => ({ name: planeTensors[i], shape: [values.length], values }));
  return encodeSafetensors([...tensors, ...ofPlane], { sketched: String(sketched) });
}
