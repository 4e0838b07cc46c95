/**
 * The files of a run in the making. A disk that is full or read-only costs one warning, never the run: it goes on
 * in memory.
 */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { encodeSafetensors, type Tensor } from "../formats/safetensors";
import type { RunResult, Trajectory } from "../protocol/run";
import { makeFolder, writeAtomically } from "./diskWrites";
import { Journal } from "./journal";
import { writeRunFile, type RunFile } from "./runFile";
import { errorCode } from "./workspace";

export const checkpointName = "checkpoint.safetensors";
export const trajectoryName = "trajectory.safetensors";

/** Makes the folder of a run, new even when two runs begin in the same millisecond. Rejects when it cannot. */
export async function createRunFolder(runsFolder: string, id: string): Promise<string> {
  await makeFolder(runsFolder);
  // Runs are not sources: kept out of version control without a line in the user's own .gitignore.
  if (path.basename(path.dirname(runsFolder)) === ".downhill") {
    const ignore = path.join(path.dirname(runsFolder), ".gitignore");
    await writeFile(ignore, "*\n", { flag: "wx" }).catch((error: unknown) => {
      if (errorCode(error) !== "EEXIST") throw error;
    });
  }
  for (let attempt = 1; ; attempt++) {
    const folder = path.join(runsFolder, attempt === 1 ? id : `${id}-${attempt}`);
    try {
      await mkdir(folder);
      return folder;
    } catch (error) {
      if (errorCode(error) !== "EEXIST" || attempt === 100) throw error;
    }
  }
}

export interface Checkpoint {
  step: number;
  epoch: number;
  /** Copies: written while the run goes on. */
  parameters: Tensor[];
}

export class RunFolder {
  journal: Journal | null = null;
  private saving: Promise<void> = Promise.resolve();
  private pendingSaves = 0;
  private working = true;

  /** @param warn told once, when the folder has become unwritable */
  constructor(
    private readonly folder: string,
    private readonly run: RunFile,
    private readonly warn: (message: string) => void,
  ) {}

  /** Writes run.json and begins the journal. Rejects when the folder cannot be written. */
  async open(): Promise<void> {
    await writeRunFile(this.folder, this.run);
    this.journal = await Journal.create(this.folder, this.run.startedAt, (error) => this.fail(error));
  }

  /** Whether a save is still being written, so that a slow disk is not given the next. */
  get saveUnderWay(): boolean {
    return this.pendingSaves > 0;
  }

  /** Saves the weights, and the path so far, beside the run. */
  save(checkpoint: Checkpoint, trajectory: Trajectory | null): void {
    this.enqueue(async () => {
      const metadata = { step: String(checkpoint.step), epoch: String(checkpoint.epoch) };
      const bytes = encodeSafetensors(checkpoint.parameters, metadata);
      await writeAtomically(path.join(this.folder, checkpointName), bytes);
      if (trajectory) {
        await writeAtomically(path.join(this.folder, trajectoryName), encodeTrajectory(trajectory));
      }
    });
  }

  /** Writes how the run ended. Resolves when all is on the disk, or has failed. */
  async close(result: RunResult, warnings: readonly string[], kernel = this.run.kernel): Promise<void> {
    await this.journal?.close();
    const run: RunFile = { ...this.run, status: result.status, warnings: [...warnings], result };
    if (kernel !== this.run.kernel) run.kernelAtEnd = kernel;
    this.enqueue(() => writeRunFile(this.folder, run));
    await this.saving;
  }

  private enqueue(write: () => Promise<void>): void {
    this.pendingSaves++;
    this.saving = this.saving
      .then(write)
      .catch((error: unknown) => this.fail(error))
      .finally(() => this.pendingSaves--);
  }

  private fail(error: unknown): void {
    if (this.working) this.warn(cannotKeep(this.folder, error));
    this.working = false;
  }
}

/** The warning about a folder that cannot be written. */
export function cannotKeep(folder: string, error: unknown): string {
  return `The run cannot be kept in ${folder}, as ${writeFault(error)}; it goes on in memory only.`;
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

function encodeTrajectory({ step, a, b, loss, offPlane, explained, sketched }: Trajectory): Uint8Array {
  const columns = Object.entries({ step, a, b, loss, offPlane, explained: Float64Array.from(explained) });
  const tensors = columns.map(([name, values]) => ({ name, shape: [values.length], values }));
  return encodeSafetensors(tensors, { sketched: String(sketched) });
}
