/**
 * Start reading here. One run from its config's text to its last event: load, describe, keep a folder, train, tell
 * how it ended. It runs in a worker thread, but knows nothing of threads.
 */
import os from "node:os";
import path from "node:path";
import { runNameOf } from "../config/files";
import { DataError } from "../data/dataError";
import { createEngine } from "../engine/createEngine";
import type { Engine } from "../engine/engine";
import { parameterViews } from "../engine/network";
import { FormatError } from "../formats/formatError";
import { encodeSafetensors, type Tensor } from "../formats/safetensors";
import type { Progress, RunDescription, RunResult } from "../protocol/run";
import type { RunEvent, StartRun } from "../protocol/worker";
import { baselineOf } from "./baseline";
import { StoppedEarly, type Control } from "./control";
import { writeAtomically } from "./diskWrites";
import { ConfigError, gatherMaterial, type Material } from "./material";
import { metricColumns, type Scoring } from "./metrics";
import { thisProcess } from "./owner";
import { functionRunOf } from "./functionSession";
import { PathFollower } from "./pathFollower";
import { nothingReached } from "./nothingReached";
import { Reporter, reportInterval } from "./reporter";
import { cannotKeep, createRunFolder, RunFolder, writeFault, type Checkpoint } from "./runFolder";
import { summarize } from "./summary";
import { batchRows, Training, type Ending, type TrainingLog } from "./training";
import { PathError } from "./workspace";

/** Milliseconds between two saves of the weights. */
const saveInterval = 5000;

/** Runs to the end and never rejects: the last event is always "done". */
export async function runSession(
  start: StartRun,
  control: Control,
  emit: (event: RunEvent) => void,
): Promise<void> {
  const functionRun = functionRunOf(start);
  if (functionRun) return functionRun.start(start, control, emit);
  const session = new Session(start, control, emit);
  try {
    await session.run();
  } catch (error) {
    await session.fail(error);
  }
}

class Session {
  private readonly warnings: string[] = [];
  private readonly startedAt = Date.now();
  private folder: RunFolder | null = null;
  private engine: Engine | null = null;
  private training: Training | null = null;

  constructor(
    private readonly start: StartRun,
    private readonly control: Control,
    private readonly emit: (event: RunEvent) => void,
  ) {}

  async run(): Promise<void> {
    const material = await this.load();
    const { config, prepared, network, initial } = material;
    const classWeights = prepared.classWeights ? { classWeights: prepared.classWeights } : {};
    const engine = createEngine(
      {
        network,
        loss: prepared.loss,
        optimizer: config.optimizer,
        batchSize: batchRows(config, prepared.training.count),
        gradientClipNorm: config.gradientClipNorm,
        ...classWeights,
        seed: config.seed,
        training: prepared.training,
      },
      initial,
      { log: (message) => this.warn(message) },
    );
    this.engine = engine;
    const scoring: Scoring = {
      target: prepared.preparation.target,
      outputs: network.layers[network.layers.length - 1].units,
      ...classWeights,
    };
    const description = this.describe(material, engine, scoring);
    await this.openFolder(material, description);
    this.emit({ type: "start", description });

    const follower = this.start.trajectory ? new PathFollower(engine.parameters.length) : null;
    const reporter = new Reporter(this.emit, this.start.steps, () => progressOf(training), this.control);
    const log = this.logTo(reporter, follower, () => training, engine);
    const training = new Training(
      engine,
      config,
      prepared,
      scoring,
      this.control,
      log,
      this.start.patientStop,
    );
    this.training = training;
    const ending = await training.run();

    const trajectory = follower?.trajectory() ?? null;
    if (trajectory) reporter.follow(trajectory);
    // The user sees the end before the disk has seen it.
    reporter.finish();
    this.folder?.save(checkpointOf(training, engine), trajectory);
    const weightsFile = await this.writeWeights(engine);
    await this.finish({ ...this.resultOf(training, ending, description, material), ...weightsFile });
  }

  /** Writes the weights that the host asked for. The file depends on the weights alone, so that equal runs give equal bytes. */
  private async writeWeights(engine: Engine): Promise<Pick<RunResult, "weightsFile">> {
    const { weightsFile } = this.start;
    if (weightsFile === undefined) return {};
    try {
      await writeAtomically(weightsFile, encodeSafetensors(weightTensors(engine)));
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
      message: known ? text : `The run failed because of a fault in Downhill (${text}); please report it.`,
      cause: known ?? "internal",
    });
  }

  private async finish(result: RunResult): Promise<void> {
    await this.folder?.close(result, this.warnings, this.engine?.kernel);
    this.emit({ type: "done", result });
  }

  private load(): Promise<Material> {
    let told = -Infinity;
    let last = "";
    return gatherMaterial(this.start, {
      progress: (message, fraction) => {
        const now = performance.now();
        if (message === last && now - told < reportInterval) return;
        told = now;
        last = message;
        this.emit({ type: "loading", message, fraction });
      },
      breathe: async () => {
        await this.control.breathe();
        if (this.control.stopping) throw new StoppedEarly();
      },
    });
  }

  private describe({ config, prepared, data }: Material, engine: Engine, scoring: Scoring): RunDescription {
    const { training, validation, test, preparation } = prepared;
    const { target } = preparation;
    const batchSize = batchRows(config, training.count);
    const stepsPerEpoch = Math.ceil(training.count / batchSize);
    return {
      id: this.start.id,
      name: runNameOf(this.start.configFile),
      configFile: this.start.configFile,
      dataFile: data.file,
      folder: null,
      task: prepared.task,
      loss: prepared.loss,
      optimizer: config.optimizer.type,
      learningRate: config.optimizer.learningRate,
      target: target.task === "classification" ? [target.column] : target.columns,
      classes: target.task === "classification" ? target.classes : null,
      layers: [preparation.inputSize, ...engine.network.layers.map(({ units }) => units)],
      parameters: engine.parameters.length,
      rows: { training: training.count, validation: validation?.count ?? 0, test: test?.count ?? 0 },
      batchSize,
      stepsPerEpoch,
      epochs: config.epochs,
      totalSteps: stepsPerEpoch * config.epochs,
      seed: config.seed,
      kernel: engine.kernel,
      baseline: baselineOf(scoring, prepared.loss, training, validation),
      startedAt: this.startedAt,
      notes: prepared.notes,
    };
  }

  /** Makes the run's folder and writes run.json, before the first step. */
  private async openFolder(material: Material, description: RunDescription): Promise<void> {
    const { runsFolder } = this.start;
    if (runsFolder === null) return;
    try {
      description.folder = await createRunFolder(runsFolder, this.start.id);
      // Another name when a second process began a run in the same millisecond.
      description.id = path.basename(description.folder);
      const run = {
        format: 1 as const,
        id: description.id,
        name: description.name,
        configFile: this.start.configFile,
        startedAt: this.startedAt,
        status: "running" as const,
        owner: thisProcess(),
        versions: {
          downhill: DOWNHILL_VERSION,
          node: process.versions.node,
          platform: `${os.platform()}-${os.arch()}`,
        },
        kernel: description.kernel,
        data: material.data,
        validationData: material.validationData,
        testData: material.testData,
        initialWeights: material.initialWeights,
        config: material.config,
        configText: this.start.configText,
        description,
        preparation: material.prepared.preparation,
        warnings: [],
        result: null,
      };
      const folder = new RunFolder(description.folder, run, (message) => this.warn(message));
      await folder.open();
      this.folder = folder;
    } catch (error) {
      this.warn(cannotKeep(description.folder ?? runsFolder, error));
      description.folder = null;
    }
  }

  private logTo(
    reporter: Reporter,
    follower: PathFollower | null,
    training: () => Training,
    engine: Engine,
  ): TrainingLog {
    let saved = performance.now();
    return {
      step: (step, loss, gradientNorm, learningRate) => {
        reporter.step(step, loss, gradientNorm, learningRate);
        this.folder?.journal?.step(step, loss, gradientNorm, learningRate);
        follower?.batchLossAt(step - 1, loss);
      },
      epoch: (epoch, step, training, validation) => {
        const columns = metricColumns(training, validation);
        reporter.epoch(epoch, step, columns);
        this.folder?.journal?.epoch(epoch, step, columns);
      },
      nextWanted: () => follower?.nextWanted() ?? Infinity,
      parametersAt: (step, trainingLoss) => follower?.parametersAt(step, engine.parameters, trainingLoss),
      ended: (step, trainingLoss) => follower?.end(step, engine.parameters, trainingLoss),
      tick: () => {
        const trajectory = follower?.dueTrajectory() ?? null;
        if (trajectory) reporter.follow(trajectory);
        reporter.tick();
        this.folder?.journal?.tick();
        const now = performance.now();
        if (this.folder && now - saved >= saveInterval && !this.folder.saveUnderWay) {
          saved = now;
          this.folder.save(checkpointOf(training(), engine), follower?.latest ?? null);
        }
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
    const { nonFinite, outdated } = training;
    const message = summarize({ ...outcome, nonFinite, outdated }, description, material.config);
    return { ...outcome, message };
  }
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

function checkpointOf(training: Training, engine: Engine): Checkpoint {
  return { step: training.step, epoch: training.epoch, parameters: weightTensors(engine) };
}

/** A copy of the weights as they stand. */
function weightTensors(engine: Engine): Tensor[] {
  const views = parameterViews(engine.network, engine.parameters.slice());
  return views.map(({ name, shape, values }) => ({ name, shape: [...shape], values }));
}

function causeOf(error: unknown): RunResult["cause"] | null {
  if (error instanceof ConfigError || error instanceof PathError) return "config";
  if (error instanceof DataError || error instanceof FormatError) return "data";
  return null;
}
