/**
 * Start reading here. One run from its config's text to its last event: load, describe, keep a folder, train, tell
 * how it ended. It runs in a worker thread, but knows nothing of threads.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { inputFactsOf } from "../advice/inputFacts";
import type { RunConfig } from "../config/runConfig";
import { DataError } from "../data/dataError";
import type { Engine, Network } from "../engine/engine";
import { FormatError } from "../formats/formatError";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "../formats/safetensors";
import type { BatchOrigin, Progress, RunDescription, RunResult } from "../protocol/run";
import type { PyTorchEngine } from "../pytorch/pytorchEngine";
import { PythonError } from "../pytorch/pythonError";
import type { ResumedFrom, RunEvent, StartRun } from "../protocol/worker";
import type { RunChange } from "../protocol/changes";
import { baselineOf } from "./baseline";
import { BatchPlan } from "./batchPlan";
import { beginBranch, openBranch, type BranchStart } from "./branch";
import { historyUpTo, writeBranchStart } from "./branchFolder";
import { ChangeableEngine } from "./changeableEngine";
import { configAt, LiveChanges } from "./changes";
import { tensorsOf, type Checkpoint } from "./checkpoint";
import { StoppedEarly, type Control } from "./control";
import { writeAtomically } from "./diskWrites";
import { rowSourceOf, sharedCopy, type LookedAt, type Lookout } from "./lab/look";
import { Keeper } from "./keeper";
import { ConfigError, gatherMaterial, type LoadingControl, type Material } from "./material";
import { metricColumns, type Scoring } from "./metrics";
import { thisProcess } from "./owner";
import { functionRunOf } from "./functionSession";
import { WorkerKernelThreads } from "./kernelThreads";
import { StepProbe } from "./health/stepProbe";
import { pytorchEngineOf, writeClusterFolder, type SessionPython } from "./pytorchRun";
import { readPath } from "./pathFile";
import { PathFollower } from "./pathFollower";
import { nothingReached } from "./nothingReached";
import type { StateAtStep } from "./replay";
import { Reporter, reportInterval } from "./reporter";
import {
  expectSameConfig,
  expectSameFiles,
  goBackToCheckpoint,
  hasEnded,
  openRun,
  type OpenedRun,
} from "./resumption";
import { createRunEngine, engineSettingsOf, scoringOf } from "./runEngine";
import { versionsNow, type RunFile } from "./runFile";
import { nameOfRun } from "./runVariants";
import { cannotKeep, checkpointName, createRunFolder, RunFolder, writeFault } from "./runFolder";
import { lockRun, RunInUseError } from "./runLock";
import { readJournal, readTrajectory } from "./runStore";
import { summarize } from "./summary";
import { threadsNow, threadsOf } from "./threadBudget";
import { batchRows, Training, type Ending, type TrainingLog } from "./training";
import { PathError } from "./workspace";

/** Runs to the end and never rejects: the last event is always "done". */
export async function runSession(
  start: StartRun,
  control: Control,
  emit: (event: RunEvent) => void,
  threads?: SessionThreads,
  lookout?: Lookout,
): Promise<void> {
  const functionRun = functionRunOf(start);
  if (functionRun) return functionRun.start(start, control, emit);
  const session = new Session(start, control, emit, threads, lookout);
  try {
    await session.run();
  } catch (error) {
    await session.fail(error);
  }
}

/** What a session needs for more threads than the one it runs in. */
export interface SessionThreads {
  /** The bundle of kernelThread.ts. */
  readonly file: string;
  /** Shared by all runs of the process: how many of them train. */
  readonly runCount: Int32Array;
  readonly python?: SessionPython;
}

class Session {
  private readonly warnings: string[] = [];
  private startedAt = Date.now();
  /** The folder of a run that is resumed, once this process has it. */
  private opened: OpenedRun | null = null;
  private folder: RunFolder | null = null;
  private keeper: Keeper | null = null;
  private engine: Engine | null = null;
  private training: Training | null = null;
  private helpers: WorkerKernelThreads | null = null;
  private pytorch: PyTorchEngine | null = null;

  constructor(
    private readonly start: StartRun,
    private readonly control: Control,
    private readonly emit: (event: RunEvent) => void,
    private readonly threads: SessionThreads | undefined,
    private readonly lookout: Lookout | undefined,
  ) {}

  async run(): Promise<void> {
    const opened = await this.open();
    if (opened?.run.result && hasEnded(opened.run))
      return this.repeat(opened.folder, opened.run, opened.run.result);
    const read = await this.load();
    if (opened) expectSameFiles(opened.run, read);
    const checkpoint = opened && (await goBackToCheckpoint(opened.folder, read.network));
    const branch = await this.openBranch(read);
    const planned = opened?.run.changes ?? this.start.changes ?? [];
    const step = checkpoint?.state.step ?? branch?.at.state.step ?? 0;
    // As it was when that step ended.
    const material = { ...read, config: configAt(read.config, planned, step) };
    const build = (config: RunConfig, kernel: string | null): Engine =>
      createRunEngine({ ...read, config }, kernel, {
        log: (message) => this.warn(message),
        ...this.kernelThreads(config),
      });
    const pytorch = await pytorchEngineOf(material, this.start, this.threads?.python, () => this.breathe());
    this.pytorch = pytorch;
    const engine = new ChangeableEngine(pytorch ?? build(material.config, checkpoint?.kernel ?? null));
    const begun = branch ? beginBranch(branch, material, engine.snapshot()) : checkpoint;
    if (begun) engine.restore(begun.snapshot);
    this.engine = engine;
    const scoring = scoringOf(material);
    const description = this.describe(material, engine, scoring, begun?.state.batchOrigin);
    if (opened) await this.continueFolder(opened, description, material.network, checkpoint);
    else await this.makeFolder(material, description, branch && begun);
    await pytorch?.place(description.folder, () => this.breathe());

    const follower = this.start.trajectory ? new PathFollower(engine.parameters.length) : null;
    const reporter = new Reporter(this.emit, this.start.steps, () => progressOf(training), this.control);
    // PyTorch draws dropout masks of its own, with which nobody else can look at a step.
    const ownMasks = pytorch !== null && material.network.layers.some(({ dropout }) => dropout > 0);
    const probe = this.start.health && !ownMasks ? this.probe(engine, material, reporter) : null;
    const changes = new LiveChanges(
      planned,
      step,
      (config) => {
        if (pytorch) return pytorch.setBatchSize(batchRows(config, material.prepared.training.count));
        this.helpers?.stop();
        engine.become(build(config, engine.kernel));
      },
      (made, planned, config) => {
        const now = this.changed(made, config, description, training);
        this.folder?.changed([...made, ...planned], now);
      },
    );
    changes.momentum = pytorch === null;
    const training: Training = new Training(
      engine,
      material.config,
      material.prepared,
      scoring,
      this.control,
      this.logTo(reporter, follower, engine),
      this.start.patientStop,
      probe,
      changes,
    );
    this.training = training;
    if (begun) training.restore(begun.state);
    if (this.start.prepare) return this.prepare(material, description, engine, training);
    const resumed = opened
      ? await resumedFrom(opened.folder, checkpoint, follower)
      : await this.branchedAt(begun);
    this.emit({ type: "start", description: { ...description }, ...(resumed ? { resumed } : {}) });
    if (changes.made.length > 0)
      this.emit({ type: "changed", changes: [...changes.made], description: { ...description } });
    this.lookout?.open(lookedAt(material, engine, training, follower));
    if (this.folder) this.keeper = new Keeper(this.folder, engine, training, follower);
    const ending = await training.run(this.start.lastStep);

    const trajectory = follower?.trajectory() ?? null;
    if (trajectory) reporter.follow(trajectory);
    // The user sees the end before the disk has seen it.
    reporter.finish();
    this.keeper?.end();
    const weightsFile = await this.writeWeights(tensorsOf(engine.network, "", engine.parameters));
    await this.finish({ ...this.resultOf(training, ending, description, material), ...weightsFile });
  }

  /** Tells of settings that were changed. Returns the run as it is now. */
  private changed(
    changes: readonly RunChange[],
    { optimizer }: RunConfig,
    description: RunDescription,
    { batchSize, stepsPerEpoch, batchOrigin, totalSteps }: Training,
  ): RunDescription {
    Object.assign(description, {
      learningRate: optimizer.learningRate,
      ...("momentum" in optimizer && !this.pytorch ? { momentum: optimizer.momentum } : {}),
      batchSize,
      stepsPerEpoch,
      totalSteps,
      ...(batchOrigin ? { batchOrigin } : {}),
    });
    const now = { ...description };
    this.emit({ type: "changed", changes, description: now });
    return now;
  }

  /** Leaves a folder with all that train.py needs to make the run elsewhere. */
  private async prepare(
    material: Material,
    description: RunDescription,
    engine: Engine,
    training: Training,
  ): Promise<void> {
    if (description.folder === null || !this.folder)
      throw new PathError("The run cannot be prepared, as it cannot be kept; see --runs for another place.");
    await writeClusterFolder(description.folder, material, this.startedAt, () => this.breathe());
    this.keeper = new Keeper(this.folder, engine, training, null);
    this.emit({ type: "start", description });
    this.keeper.end();
    const message = "Prepared for PyTorch; it has not been started yet.";
    await this.finish({ ...nothingReached, status: "stopped", message });
  }

  /** Takes the folder of the run that is to be resumed. */
  private async open(): Promise<OpenedRun | null> {
    const { resume, runsFolder, id, configFile, configText } = this.start;
    if (!resume || runsFolder === null) return null;
    this.opened = await openRun(path.join(runsFolder, id));
    this.startedAt = this.opened.run.startedAt;
    expectSameConfig(this.opened.run, configFile, configText);
    return this.opened;
  }

  /** The state of the run from which this one is to branch off. */
  private async openBranch(material: Material): Promise<BranchStart | null> {
    const { branch, resume } = this.start;
    if (!branch || resume) return null;
    const opened = await openBranch(this.start, branch, material, this.loading());
    if (opened.note !== null) this.warn(opened.note);
    return opened;
  }

  /** Where a branch begins, with the history of the run that it branches from; null of a run that is none. */
  private async branchedAt(begun: StateAtStep | null): Promise<ResumedFrom | null> {
    const { branch } = this.start;
    if (!branch || !begun) return null;
    const { steps, epochs } = await historyUpTo(branch.folder, branch.step);
    const { step, epoch } = begun.state;
    return { step, epoch, steps: steps.columns(), epochs: epochs.columns(), trajectory: null };
  }

  /** A run that has ended makes no step, but writes what was asked. */
  private async repeat(folder: string, { description }: RunFile, result: RunResult): Promise<void> {
    this.emit({ type: "start", description: { ...description, folder } });
    const weights = this.start.weightsFile === undefined ? [] : await keptWeights(folder);
    const weightsFile = await this.writeWeights(weights);
    const { weightsFile: _before, ...reached } = result;
    await this.finish({ ...reached, ...weightsFile });
  }

  /** The threads that the engine may use beside this one, if there are any. */
  private kernelThreads(config: RunConfig): { threads?: WorkerKernelThreads } {
    const most = threadsOf({ host: this.start.threads, config: config.engine.threads });
    if (!this.threads || most === 1) return {};
    const { file, runCount } = this.threads;
    const threads = new WorkerKernelThreads({
      file,
      most,
      allowed: () => threadsNow(most, Atomics.load(runCount, 0)),
      lost: () => this.warn("A thread that helped to compute ended, so the run goes on with one."),
    });
    this.helpers = threads;
    return { threads };
  }

  /** Writes the weights that the host asked for. The file depends on the weights alone, so that equal runs give equal bytes. */
  private async writeWeights(weights: readonly Tensor[]): Promise<Pick<RunResult, "weightsFile">> {
    const { weightsFile } = this.start;
    if (weightsFile === undefined) return {};
    if (weights.length === 0) {
      this.warn(`The weights cannot be written to ${weightsFile}, as the run kept none.`);
      return {};
    }
    try {
      await writeAtomically(weightsFile, encodeSafetensors(weights));
      return { weightsFile };
    } catch (error) {
      this.warn(`The weights cannot be written to ${weightsFile}, as ${writeFault(error)}.`);
      return {};
    }
  }

  /** Ends a run that could not be loaded, was stopped while loading, or met a fault of the program. */
  async fail(error: unknown): Promise<void> {
    if (error instanceof StoppedEarly) {
      const message = "Stopped while the data were being read.";
      return this.finish({ ...nothingReached, status: "stopped", message });
    }
    const known = causeOf(error);
    // What JavaScript throws when an array finds no room.
    if (error instanceof RangeError && /allocation failed|array length/i.test(error.message)) {
      const message =
        'The run needs more memory than there is; try fewer rows ("rows") or a smaller network.';
      return this.finish({ ...nothingReached, status: "failed", message, cause: "data" });
    }
    const text = error instanceof Error ? error.message.split("\n")[0] : String(error);
    await this.finish({
      ...nothingReached,
      ...(this.training ? progressedTo(this.training) : {}),
      status: "failed",
      message:
        known || error instanceof RunInUseError
          ? text
          : `The run failed because of a fault in Downhill (${text}); please report it.`,
      cause: known ?? "internal",
    });
  }

  private async finish(result: RunResult): Promise<void> {
    this.lookout?.close();
    this.helpers?.stop();
    this.keeper?.stop();
    await this.pytorch?.close();
    if (this.folder) await this.folder.close(result, this.warnings, this.engine?.kernel);
    else await this.opened?.unlock();
    this.emit({ type: "done", result });
  }

  private load(): Promise<Material> {
    return gatherMaterial(this.start, this.loading());
  }

  private loading(): LoadingControl {
    let told = -Infinity;
    let last = "";
    return {
      progress: (message, fraction) => {
        const now = performance.now();
        if (message === last && now - told < reportInterval) return;
        told = now;
        last = message;
        this.emit({ type: "loading", message, fraction });
      },
      breathe: () => this.breathe(),
    };
  }

  private async breathe(): Promise<void> {
    await this.control.breathe();
    if (this.control.stopping) throw new StoppedEarly();
  }

  private describe(
    { config, prepared, data }: Material,
    engine: Engine,
    scoring: Scoring,
    batchOrigin: BatchOrigin | undefined,
  ): RunDescription {
    const { branch } = this.start;
    const { training, validation, test, preparation } = prepared;
    const { target } = preparation;
    const batchSize = batchRows(config, training.count);
    const plan = new BatchPlan(training.count, batchSize, batchOrigin);
    return {
      id: this.start.id,
      name: nameOfRun(this.start),
      ...(this.start.comparison && { comparison: this.start.comparison }),
      configFile: this.start.configFile,
      dataFile: data.file,
      folder: null,
      task: prepared.task,
      loss: prepared.loss,
      optimizer: config.optimizer.type,
      learningRate: config.optimizer.learningRate,
      ...("momentum" in config.optimizer && !this.pytorch ? { momentum: config.optimizer.momentum } : {}),
      ...(config.schedule.type === "constant" ? {} : { schedule: config.schedule.type }),
      target: target.task === "classification" ? [target.column] : target.columns,
      classes: target.task === "classification" ? target.classes : null,
      layers: [preparation.inputSize, ...engine.network.layers.map(({ units }) => units)],
      parameters: engine.parameters.length,
      rows: { training: training.count, validation: validation?.count ?? 0, test: test?.count ?? 0 },
      inputs: inputFactsOf(training, preparation.inputNames),
      batchSize,
      stepsPerEpoch: plan.stepsPerEpoch,
      ...(batchOrigin ? { batchOrigin } : {}),
      epochs: config.epochs,
      totalSteps: plan.totalSteps(config.epochs),
      seed: config.seed,
      kernel: engine.kernel,
      baseline: baselineOf(scoring, prepared.loss, training, validation),
      startedAt: this.startedAt,
      notes: prepared.notes,
      ...(branch ? { branchedFrom: { run: path.basename(branch.folder), step: branch.step } } : {}),
    };
  }

  /** Makes the run's folder with its run.json, before the first step. @param begun of a branch: its beginning */
  private async makeFolder(
    material: Material,
    description: RunDescription,
    begun: StateAtStep | null,
  ): Promise<void> {
    const { runsFolder, id } = this.start;
    if (runsFolder === null) return;
    const warn = (message: string): void => this.warn(message);
    const describe = (folder: string): RunFile => {
      description.folder = folder;
      // Another name when a second process began a run in the same millisecond.
      description.id = path.basename(folder);
      return this.runFile(material, description);
    };
    const { branch } = this.start;
    const fill = async (folder: string): Promise<void> => {
      if (branch && begun)
        await writeBranchStart(folder, branch, material.network, begun, description.kernel);
    };
    try {
      const run = await createRunFolder(runsFolder, id, describe, fill);
      const folder = path.join(runsFolder, run.id);
      const unlock = await lockRun(folder);
      this.folder = new RunFolder(folder, run, material.network, warn, unlock);
    } catch (error) {
      this.warn(cannotKeep(description.folder ?? runsFolder, error));
      description.folder = null;
    }
    await this.folder?.begin();
  }

  private runFile(material: Material, description: RunDescription): RunFile {
    return {
      format: 1,
      id: description.id,
      name: description.name,
      configFile: this.start.configFile,
      workspaceFolder: this.start.workspaceFolder,
      startedAt: this.startedAt,
      status: "running",
      owner: thisProcess(),
      versions: versionsNow(),
      kernel: description.kernel,
      data: material.data,
      validationData: material.validationData,
      testData: material.testData,
      initialWeights: material.initialWeights,
      config: material.config,
      configText: this.start.configText,
      description,
      preparation: material.prepared.preparation,
      ...(description.branchedFrom ? { branchedFrom: description.branchedFrom } : {}),
      changes: [],
      resumptions: [],
      warnings: [],
      result: null,
    };
  }

  /** Takes up the folder of a run where its checkpoint left it. */
  private async continueFolder(
    { folder, run: before, unlock }: OpenedRun,
    description: RunDescription,
    network: Network,
    checkpoint: Checkpoint | null,
  ): Promise<void> {
    description.folder = folder;
    description.id = path.basename(folder);
    this.warnings.push(...before.warnings);
    if (checkpoint && checkpoint.kernel !== description.kernel) {
      this.warn(
        `The run began with the kernel ${checkpoint.kernel} and goes on with ${description.kernel}, so that its last bits may differ from those of an uninterrupted one.`,
      );
    }
    const resumption = {
      at: Date.now(),
      step: checkpoint?.state.step ?? 0,
      versions: versionsNow(),
      kernel: description.kernel,
    };
    const run: RunFile = {
      ...before,
      status: "running",
      owner: thisProcess(),
      resumptions: [...before.resumptions, resumption],
      warnings: [...this.warnings],
      result: null,
    };
    this.folder = new RunFolder(folder, run, network, (message) => this.warn(message), unlock);
    await this.folder.continue(checkpoint);
  }

  private probe(engine: Engine, { prepared }: Material, reporter: Reporter): StepProbe {
    const tell = (step: number, values: Record<string, number>): void => {
      reporter.health(step, values);
      this.keeper?.health(step, values);
    };
    return new StepProbe(engine, prepared.training.count, tell, this.start.health === "every-step");
  }

  private logTo(reporter: Reporter, follower: PathFollower | null, engine: Engine): TrainingLog {
    return {
      step: (step, loss, gradientNorm, learningRate) => {
        reporter.step(step, loss, gradientNorm, learningRate);
        this.keeper?.step(step, loss, gradientNorm, learningRate);
        follower?.batchLossAt(step - 1, loss);
      },
      epoch: (epoch, step, training, validation) => {
        const columns = metricColumns(training, validation);
        reporter.epoch(epoch, step, columns);
        this.keeper?.epoch(epoch, step, columns);
      },
      nextWanted: () => follower?.nextWanted() ?? Infinity,
      // Only then, as they may have to be fetched.
      parametersAt: (step, trainingLoss) =>
        follower?.wants(step) && follower.parametersAt(step, engine.parameters, trainingLoss),
      ended: (step, trainingLoss) => follower?.end(step, engine.parameters, trainingLoss),
      tick: () => {
        const trajectory = follower?.dueTrajectory() ?? null;
        if (trajectory) reporter.follow(trajectory);
        reporter.tick();
        this.keeper?.beat();
      },
      full: () => reporter.full,
      statusChanged: () => reporter.send(),
    };
  }

  private warn(message: string): void {
    this.warnings.push(message);
    this.emit({ type: "warning", message });
  }

  private resultOf(
    training: Training,
    status: Ending,
    description: RunDescription,
    material: Material,
  ): RunResult {
    const outcome = { ...progressedTo(training), status };
    const { nonFinite, outdated, lowestValidation } = training;
    const told = { ...outcome, nonFinite, outdated, lowestValidation };
    const message = summarize(told, description, material.config);
    return { ...outcome, message };
  }
}

/** What a run shows to who looks at it. */
function lookedAt(
  material: Material,
  engine: Engine,
  training: Training,
  follower: PathFollower | null,
): LookedAt {
  const { training: rows, validation, test } = material.prepared;
  const settings = engineSettingsOf(material);
  const source = rowSourceOf(material);
  return {
    material: { settings, training: rows, validation, test, scoring: scoringOf(material), source },
    look: (path) => ({
      step: training.step,
      parameters: sharedCopy(engine.parameters),
      path: path && follower ? follower.looked() : null,
    }),
  };
}

function progressedTo(training: Training): Omit<RunResult, "status" | "message"> {
  return {
    steps: training.step,
    epochs: training.epoch,
    trainingSeconds: training.trainingSeconds,
    samplesPerSecond: training.samplesPerSecond,
    ...training.evaluated,
    test: training.test,
    ...(training.restoredEpoch === undefined ? {} : { restoredEpoch: training.restoredEpoch }),
  };
}

function progressOf(training: Training): Progress {
  const { status, step, epoch, trainingSeconds, samplesPerSecond, secondsLeft, validation } = training;
  const ended = status !== "running" && status !== "paused";
  return {
    status,
    step,
    epoch,
    trainingSeconds,
    samplesPerSecond,
    secondsLeft: ended ? 0 : secondsLeft,
    training: training.training,
    validation,
  };
}

/** Where a run goes on, with what its folder kept of the way there. */
async function resumedFrom(
  folder: string,
  checkpoint: Checkpoint | null,
  follower: PathFollower | null,
): Promise<ResumedFrom> {
  const { steps, epochs, health } = await readJournal(folder);
  const trajectory = checkpoint && (await readTrajectory(folder));
  const path = checkpoint && follower && (await readPath(folder, follower.pointSize));
  if (checkpoint && path) follower.restore(path, checkpoint.state.step, trajectory);
  const { step, epoch } = checkpoint?.state ?? { step: 0, epoch: 0 };
  const kept = { steps: steps.columns(), epochs: epochs.columns(), trajectory };
  return { step, epoch, ...kept, ...(health && { health: health.columns() }) };
}

/** The weights of a run that has ended, as its checkpoint holds them; none where it kept none. */
async function keptWeights(folder: string): Promise<Tensor[]> {
  try {
    const { tensors } = decodeSafetensors(await readFile(path.join(folder, checkpointName)));
    return tensors.filter(({ name }) => name.startsWith("layers."));
  } catch {
    return [];
  }
}

function causeOf(error: unknown): RunResult["cause"] | null {
  if (error instanceof ConfigError || error instanceof PathError) return "config";
  if (error instanceof DataError || error instanceof FormatError) return "data";
  if (error instanceof PythonError) return "python";
  return null;
}
