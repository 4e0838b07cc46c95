/** The folder of a run that minimises a function: `run.json`, the journal, the point, the path. */
import path from "node:path";
import type { FunctionRunConfig } from "../config/runConfig";
import { encodeSafetensors } from "../formats/safetensors";
import type { FunctionDescription, RunResult, RunStatus, Trajectory } from "../protocol/run";
import { removeUnfinishedWrites, writeAtomically } from "./diskWrites";
import type { OpenedFunctionRun } from "./functionResumption";
import { Journal } from "./journal";
import { thisProcess, type Owner } from "./owner";
import { runFileName, versionsNow, type Resumption, type Versions } from "./runFile";
import { cannotKeep, checkpointName, createRunFolder, trajectoryName } from "./runFolder";
import { lockRun } from "./runLock";

/** As a network's RunFile, without what comes from data. */
export interface FunctionRunFile {
  format: 1;
  id: string;
  name: string;
  configFile: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  status: RunStatus;
  owner: Owner;
  versions: Versions;
  kernel: string;
  /** With every default filled in. */
  config: FunctionRunConfig;
  /** As the user wrote it. */
  configText: string;
  description: FunctionDescription;
  /** Absent in runs of the first release. */
  resumptions?: Resumption[];
  warnings: string[];
  result: RunResult | null;
}

export class FunctionFolder {
  private working = true;
  private saving: Promise<void> = Promise.resolve();

  private constructor(
    private readonly folder: string,
    private readonly run: FunctionRunFile,
    readonly journal: Journal,
    private readonly warn: (message: string) => void,
    private readonly unlock: () => Promise<void>,
  ) {}

  /** Goes on with a run, and with its journal from its last whole record on. */
  static async resume(
    { folder, run: before, step, unlock, journal: mark }: OpenedFunctionRun,
    warn: (message: string) => void,
  ): Promise<FunctionFolder> {
    const resumption = { at: Date.now(), step, versions: versionsNow(), kernel: before.kernel };
    const run: FunctionRunFile = {
      ...before,
      status: "running",
      owner: thisProcess(),
      resumptions: [...(before.resumptions ?? []), resumption],
      result: null,
    };
    await removeUnfinishedWrites(folder);
    await writeAtomically(path.join(folder, runFileName), `${JSON.stringify(run, null, 2)}\n`);
    let opened: FunctionFolder | null = null;
    const options = { failed: (error: unknown) => opened?.fail(error) };
    const journal = mark
      ? await Journal.continue(folder, mark, options)
      : await Journal.create(folder, run.startedAt, options);
    opened = new FunctionFolder(folder, run, journal, warn, unlock);
    return opened;
  }

  /**
   * Makes the folder, writes run.json and begins the journal; the description is told its name. Null, after a warning,
   * where that cannot be: the run goes on in memory.
   */
  static async open(
    runsFolder: string,
    description: FunctionDescription,
    config: FunctionRunConfig,
    configText: string,
    warn: (message: string) => void,
  ): Promise<FunctionFolder | null> {
    try {
      const run = await createRunFolder(runsFolder, description.id, (folder) => {
        description.folder = folder;
        // Another name when a second process began a run in the same millisecond.
        description.id = path.basename(folder);
        return runFile(description, config, configText);
      });
      const folder = path.join(runsFolder, run.id);
      const unlock = await lockRun(folder);
      let opened: FunctionFolder | null = null;
      const journal = await Journal.create(folder, run.startedAt, {
        failed: (error) => opened?.fail(error),
      });
      opened = new FunctionFolder(folder, run, journal, warn, unlock);
      return opened;
    } catch (error) {
      warn(cannotKeep(description.folder ?? runsFolder, error));
      description.folder = null;
      return null;
    }
  }

  /** Writes the point after `step` steps as a safetensors file, and the path to it. */
  save(step: number, point: Float64Array, trajectory: Trajectory | null): void {
    const bytes = encodePoint(step, point);
    this.enqueue(async () => {
      await writeAtomically(path.join(this.folder, checkpointName), bytes);
      if (trajectory)
        await writeAtomically(path.join(this.folder, trajectoryName), encodePath(trajectory, point.length));
    });
  }

  /** Writes how the run ended. Resolves when all is on the disk, or has failed. */
  async close(result: RunResult, warnings: readonly string[]): Promise<void> {
    await this.journal.close();
    const run: FunctionRunFile = { ...this.run, status: result.status, warnings: [...warnings], result };
    this.enqueue(() =>
      writeAtomically(path.join(this.folder, runFileName), `${JSON.stringify(run, null, 2)}\n`),
    );
    this.enqueue(this.unlock);
    await this.saving;
  }

  private enqueue(write: () => Promise<void>): void {
    this.saving = this.saving.then(write).catch((error: unknown) => this.fail(error));
  }

  private fail(error: unknown): void {
    if (this.working) this.warn(cannotKeep(this.folder, error));
    this.working = false;
  }
}

function runFile(
  description: FunctionDescription,
  config: FunctionRunConfig,
  configText: string,
): FunctionRunFile {
  const { id, name, configFile, startedAt, kernel } = description;
  return {
    format: 1,
    id,
    name,
    configFile,
    startedAt,
    status: "running",
    owner: thisProcess(),
    versions: versionsNow(),
    kernel,
    config,
    configText,
    description,
    warnings: [],
    result: null,
  };
}

/** The bytes of a file that holds a point: one tensor, "point", in the order of the variables. */
export function encodePoint(step: number, point: Float64Array): Uint8Array {
  return encodeSafetensors([{ name: "point", shape: [point.length], values: point.slice() }], {
    step: String(step),
  });
}

function encodePath({ points, explained, sketched, ...columns }: Trajectory, variables: number): Uint8Array {
  const tensors = Object.entries({ ...columns, explained: Float64Array.from(explained) }).map(
    ([name, values]) => ({
      name,
      shape: [values.length],
      values,
    }),
  );
  const walked = points
    ? [{ name: "points", shape: [points.length / variables, variables], values: points }]
    : [];
  return encodeSafetensors([...tensors, ...walked], { sketched: String(sketched) });
}
