/**
 * The training loop: short chunks of steps with room for commands between them, an evaluation at the end of each
 * epoch. What happens is told to a `TrainingLog`; what a user wants comes through `Control`.
 */
import type { RunConfig } from "../config/runConfig";
import type { Samples } from "../data/samples";
import type { Engine } from "../engine/engine";
import { epochOrder } from "../engine/random";
import { createSchedule, type Schedule, type ScheduleState } from "../engine/schedules";
import { changeFault } from "../protocol/changes";
import type { BatchOrigin, Metrics, RunStatus } from "../protocol/run";
import { BatchPlan } from "./batchPlan";
import { withChange, type LiveChanges } from "./changes";
import { breathInterval, type Control } from "./control";
import { EarlyStopping, type EarlyStoppingState } from "./earlyStopping";
import { Evaluator } from "./evaluator";
import type { StepProbe } from "./health/stepProbe";
import type { Scoring } from "./metrics";
import { WallClock } from "./wallClock";

/** Milliseconds that evaluating a stopped run where it stands may take, unless its host is patient. */
const stopEvaluationTime = 2000;

export interface TrainingData {
  training: Samples;
  validation: Samples | null;
  test: Samples | null;
}

/** Who is told what happens. Called between chunks, never within one. */
export interface TrainingLog {
  step(step: number, loss: number, gradientNorm: number, learningRate: number): void;
  /** Epoch 0 is the start. */
  epoch(epoch: number, step: number, training: Metrics, validation: Metrics | null): void;
  /** The step after whose chunk boundary must come, so that its parameters can be seen. Infinity: none. */
  nextWanted(): number;
  /** The parameters stand at the end of a chunk, or of an epoch with its training loss. */
  parametersAt(step: number, trainingLoss: number | null): void;
  /** No step follows; the parameters are still those of the last one. */
  ended(step: number, trainingLoss: number | null): void;
  /** Between two chunks: reports, saves. */
  tick(): void;
  /** Whether what happens next has no room before the listener has dealt with what it was told. */
  full(): boolean;
  /** A pause began or ended, or the run was stopped. */
  statusChanged(): void;
}

/**
 * All that a run needs beside its engine's snapshot to go on as if nothing had happened: the random streams are functions
 * of the position. Taken between two chunks.
 */
export interface TrainingState {
  step: number;
  /** Epochs whose steps are made. */
  epoch: number;
  /** Epochs whose end was evaluated and told to the schedule and early stopping; −1 before the start was evaluated. */
  epochsTold: number;
  trainingSeconds: number;
  samplesWalked: number;
  evaluation: { step: number; epoch: number; training: Metrics; validation: Metrics | null } | null;
  schedule: ScheduleState;
  earlyStopping: EarlyStoppingState | null;
  lowestValidation: LowestLoss | null;
  /** Set where the batches before were of another size. */
  batchOrigin?: BatchOrigin;
}

/** The epoch at whose end the validation loss was lowest. */
export interface LowestLoss {
  epoch: number;
  loss: number;
}

export type Ending = "completed" | "early-stopped" | "stopped" | "diverged";

export class Training {
  status: RunStatus = "running";
  step = 0;
  epoch = 0;
  /** Seconds inside steps. */
  trainingSeconds = 0;
  samplesWalked = 0;
  /** The latest evaluation; see `evaluated`. */
  training: Metrics | null = null;
  validation: Metrics | null = null;
  test: Metrics | null = null;
  restoredEpoch: number | undefined;
  lowestValidation: LowestLoss | null = null;
  nonFinite: { loss: number; gradientNorm: number } | undefined;

  private plan: BatchPlan;
  private readonly clock = new WallClock();
  private schedule: Schedule;
  private readonly earlyStopping: EarlyStopping | null;
  private readonly evaluators: Record<"training" | "validation" | "test", Evaluator | null>;
  /** In milliseconds: at first a guess, long enough that what is known before the first step is told. */
  private stepTime = breathInterval;
  /** The one step that was asked for has been made. */
  private stepped = false;
  /** The step and the epoch at which the metrics were taken. */
  private evaluatedStep = -1;
  private evaluatedEpoch = 0;
  /** See TrainingState. */
  epochsTold = -1;
  /** The step at which a replay ends. */
  private goal = Infinity;

  constructor(
    private readonly engine: Engine,
    private config: RunConfig,
    private readonly data: TrainingData,
    scoring: Scoring,
    private readonly control: Control,
    private readonly log: TrainingLog,
    /** A stopped run is evaluated to the end, unless it is stopped once more. */
    private readonly patient = false,
    /** Looks at single steps, which changes none. */
    private readonly probe: StepProbe | null = null,
    /** Settings are changed on the way; null: none is. */
    private readonly changes: LiveChanges | null = null,
  ) {
    const { count } = data.training;
    this.plan = new BatchPlan(count, batchRows(config, count));
    this.schedule = this.createSchedule();
    this.earlyStopping = config.earlyStopping ? new EarlyStopping(config.earlyStopping) : null;
    const evaluator = (samples: Samples | null): Evaluator | null =>
      samples && new Evaluator(engine, scoring, samples, control, () => this.hold());
    this.evaluators = {
      training: evaluator(data.training),
      validation: evaluator(data.validation),
      test: evaluator(data.test),
    };
  }

  get batchSize(): number {
    return this.plan.batchSize;
  }

  /** Where batches are not of one size: of an epoch with those of now. */
  get stepsPerEpoch(): number {
    return this.plan.stepsPerEpoch;
  }

  get batchOrigin(): BatchOrigin | undefined {
    return this.plan.origin.step > 0 ? this.plan.origin : undefined;
  }

  get totalSteps(): number {
    return this.plan.totalSteps(this.config.epochs);
  }

  get samplesPerSecond(): number | null {
    return this.trainingSeconds > 0 ? this.samplesWalked / this.trainingSeconds : null;
  }

  /** What is known of the parameters as they are: null where they were not evaluated. */
  get evaluated(): { training: Metrics | null; validation: Metrics | null } {
    const { training, validation } = this;
    return this.evaluatedStep === this.step ? { training, validation } : { training: null, validation: null };
  }

  /** The last evaluation, when steps followed it. */
  get outdated(): { epoch: number; training: Metrics; validation: Metrics | null } | null {
    const { training, validation, evaluatedEpoch: epoch } = this;
    return training && this.evaluatedStep !== this.step ? { epoch, training, validation } : null;
  }

  /** Seconds to the end at the speed of the last while, evaluation included; null while unknown. */
  get secondsLeft(): number | null {
    return this.clock.secondsFor(this.totalSteps - this.step);
  }

  /**
   * Trains to the end, whatever the end is. The engine then holds the parameters that are kept.
   *
   * @param lastStep after which the run is stopped
   */
  async run(lastStep = Infinity): Promise<Ending> {
    const ending = await this.walkTo(lastStep);
    this.log.ended(this.step, this.evaluated.training?.loss ?? null);
    if (ending === "completed" || ending === "early-stopped") this.restoreBest();
    this.status = ending;
    // Whoever stopped the run sees at once that it was obeyed; what it reached follows.
    if (ending === "stopped") this.log.statusChanged();
    await this.evaluateEnd(ending);
    return ending;
  }

  /**
   * Makes the steps up to one of them and no more, as a replay does: nothing is evaluated beyond what the schedule and
   * early stopping want to know. Returns how it ended: "stopped" when the step was reached.
   */
  async walkTo(step: number): Promise<Ending> {
    this.goal = step;
    return this.train();
  }

  /** Where the run stands; the engine's snapshot belongs to it. */
  state(): TrainingState {
    const { step, epoch, epochsTold, trainingSeconds, samplesWalked, training, validation } = this;
    return {
      step,
      epoch,
      epochsTold,
      trainingSeconds,
      samplesWalked,
      evaluation: training && {
        step: this.evaluatedStep,
        epoch: this.evaluatedEpoch,
        training,
        validation,
      },
      schedule: this.schedule.state(),
      earlyStopping: this.earlyStopping?.state() ?? null,
      lowestValidation: this.lowestValidation,
      ...(this.batchOrigin ? { batchOrigin: this.batchOrigin } : {}),
    };
  }

  /** Goes back to a state, before `run`. The engine's snapshot is restored apart. */
  restore(state: TrainingState): void {
    const { step, epoch, epochsTold, trainingSeconds, samplesWalked, evaluation } = state;
    Object.assign(this, { step, epoch, epochsTold, trainingSeconds, samplesWalked });
    this.training = evaluation?.training ?? null;
    this.validation = evaluation?.validation ?? null;
    this.evaluatedStep = evaluation?.step ?? -1;
    this.evaluatedEpoch = evaluation?.epoch ?? 0;
    this.lowestValidation = state.lowestValidation;
    this.plan = new BatchPlan(this.data.training.count, this.batchSize, state.batchOrigin);
    this.schedule.restore(state.schedule);
    if (state.earlyStopping) this.earlyStopping?.restore(state.earlyStopping);
  }

  private async train(): Promise<Ending> {
    this.clock.start(this.step);
    for (;;) {
      if (this.epochsTold < this.epoch) {
        if (!(await this.evaluateEpoch())) return "stopped";
        this.epochsTold = this.epoch;
        if (this.epochEnded()) return this.step < this.totalSteps ? "early-stopped" : "completed";
      }
      if (this.epoch >= this.config.epochs) return "completed";
      if (this.step >= this.goal) return "stopped";
      const ending = await this.runEpoch();
      if (ending) return ending;
      this.epoch++;
    }
  }

  /** Walks the rest of an epoch. Returns an ending if the run ends within it. */
  private async runEpoch(): Promise<Ending | null> {
    const { seed, shuffle } = this.config;
    const order = epochOrder(seed, this.epoch + 1, this.data.training.count, shuffle);
    // Other batches make another number of steps.
    const last = (): number => Math.min(this.plan.endOf(this.epoch), this.goal);
    while (this.step < last()) {
      // A step that would last longer than until the next breath comes after it.
      if (this.control.untilBreath <= this.stepTime) {
        this.log.tick();
        await this.control.breathe();
      }
      while (this.log.full() && !this.control.stopping && !this.control.holding) {
        await this.control.rest();
        this.log.tick();
      }
      // Only now: the evaluation of an epoch belongs to the step that ended it.
      if (this.stepped) this.control.stepping = this.stepped = false;
      if (this.control.holding) await this.hold(true);
      if (this.control.stopping) return "stopped";
      this.makeChanges();
      const probed = this.probe?.wanted(this.stepTime, this.control.stepping) ?? false;
      const steps = probed ? 1 : this.chunkSteps(last());
      const from = this.plan.rowAfter(this.step, this.epoch);
      const rows = order.subarray(from, from + steps * this.batchSize);
      if (!(probed ? this.runProbedStep(rows) : this.runChunk(rows, steps))) return "diverged";
    }
    return this.step < this.plan.endOf(this.epoch) ? "stopped" : null;
  }

  /** How many steps the next chunk makes: as many as fit the time, up to the last one or one that must be looked at. */
  private chunkSteps(last: number): number {
    if (this.control.stepping) return 1;
    const fitting = Math.max(1, Math.floor(this.control.untilBreath / this.stepTime));
    const wanted = Math.min(this.log.nextWanted(), this.changes?.next ?? Infinity);
    return Math.min(fitting, last - this.step, Math.max(1, wanted - this.step));
  }

  /** As runChunk, of one step that is looked at. */
  private runProbedStep(rows: Uint32Array): boolean {
    const { step, stepTime, probe } = this;
    const begun = probe?.begin(step + 1, rows, this.control.flag);
    const good = this.runChunk(rows, 1);
    // Alone it takes longer than among others: the next chunk must not be short because of it.
    this.stepTime = Math.min(this.stepTime, stepTime);
    if (begun && this.step > step) probe?.end(begun, this.control.flag);
    return good;
  }

  /** Makes steps and tells of them. Returns false when one diverged. */
  private runChunk(rows: Uint32Array, steps: number): boolean {
    const before = this.step;
    const learningRates = Float64Array.from({ length: steps }, (_, i) =>
      this.schedule.learningRateAt(this.plan.evenStep(before + i + 1)),
    );
    const started = performance.now();
    const report = this.engine.runSteps(rows, learningRates, this.control.flag);
    const elapsed = performance.now() - started;
    const { completed } = report;
    if (completed > 0) {
      this.trainingSeconds += elapsed / 1000;
      this.samplesWalked += Math.min(completed * this.batchSize, rows.length);
      // Never more than doubled at once: the first steps are slow until the code is compiled.
      this.stepTime = Math.max(elapsed / completed, this.stepTime / 2, 1e-4);
      this.stepped = this.control.stepping;
    }
    this.step += completed;
    for (let i = 0; i < completed; i++) {
      this.log.step(before + i + 1, report.losses[i], report.gradientNorms[i], learningRates[i]);
    }
    if (completed > 0 && this.step < this.plan.endOf(this.epoch)) this.log.parametersAt(this.step, null);
    this.clock.at(this.step);
    this.nonFinite = report.nonFinite;
    return !report.nonFinite;
  }

  /** Evaluates where the run stands. Returns false when it was stopped meanwhile. */
  private async evaluateEpoch(): Promise<boolean> {
    const { parameters } = this.engine;
    const training = await this.evaluators.training?.evaluate(parameters);
    if (!training) return false;
    const validation = this.evaluators.validation
      ? await this.evaluators.validation.evaluate(parameters)
      : null;
    if (this.evaluators.validation && !validation) return false;
    this.training = training;
    this.validation = validation;
    this.evaluatedStep = this.step;
    this.evaluatedEpoch = this.epoch;
    this.clock.at(this.step);
    this.log.epoch(this.epoch, this.step, training, validation);
    this.log.parametersAt(this.step, training.loss);
    return true;
  }

  /** Tells the schedule and early stopping of an epoch, though not of the start. Returns whether the run should end. */
  private epochEnded(): boolean {
    const { training, validation } = this;
    if (!training || this.epoch === 0) return false;
    this.schedule.epochEnded((validation ?? training).loss ?? Infinity);
    const loss = validation?.loss ?? null;
    if (loss !== null && loss < (this.lowestValidation?.loss ?? Infinity)) {
      this.lowestValidation = { epoch: this.epoch, loss };
    }
    return this.earlyStopping?.epochEnded(this.epoch, training, validation, this.engine.parameters) ?? false;
  }

  private restoreBest(): void {
    const best = this.earlyStopping?.best;
    if (!best || best.epoch === this.epoch) return;
    // Through restore: a fast engine keeps its parameters in a form of its own.
    this.engine.restore({ ...this.engine.snapshot(), parameters: best.parameters });
    this.training = best.training;
    this.validation = best.validation;
    this.restoredEpoch = best.epoch;
  }

  /**
   * Metrics of the parameters that are kept. A run that ended between two epochs is evaluated anew; a stopped one
   * only as long as its host can wait.
   */
  private async evaluateEnd(ending: Ending): Promise<void> {
    // Nothing is to be learned of a run that was stopped before it began.
    if (this.step === 0 && ending === "stopped") return;
    const { parameters } = this.engine;
    const stopped = ending === "stopped";
    const limits = {
      deadline: stopped && !this.patient ? performance.now() + stopEvaluationTime : Infinity,
      stops: stopped ? 1 : this.control.stops,
    };
    if (this.evaluatedStep !== this.step) {
      const training = (await this.evaluators.training?.evaluate(parameters, limits)) ?? null;
      if (!training) return;
      const validation = (await this.evaluators.validation?.evaluate(parameters, limits)) ?? null;
      if (this.evaluators.validation && !validation) return;
      this.training = training;
      this.validation = validation;
      this.evaluatedStep = this.step;
    }
    this.test = (await this.evaluators.test?.evaluate(parameters, limits)) ?? null;
  }

  private createSchedule(): Schedule {
    const { optimizer, schedule, epochs } = this.config;
    const { stepsPerEpoch } = this.plan;
    const scope = {
      learningRate: optimizer.learningRate,
      stepsPerEpoch,
      totalSteps: stepsPerEpoch * epochs,
    };
    return createSchedule(schedule, scope);
  }

  /** Makes the changes that are due before the next step. */
  private makeChanges(): void {
    const { changes } = this;
    const momentum = "momentum" in this.config.optimizer && (changes?.momentum ?? false);
    const asked = this.control.takeChanges().filter((change) => changeFault(change, momentum) === null);
    for (const change of changes?.due(this.step, asked) ?? []) {
      const { batchSize } = this.plan;
      const before = this.config;
      this.config = withChange(before, change);
      this.plan = this.plan.from(this.step, this.epoch, batchRows(this.config, this.data.training.count));
      const state = this.schedule.state();
      this.schedule = this.createSchedule();
      this.schedule.restore(state);
      // Longer steps make shorter chunks.
      this.stepTime *= Math.max(1, this.plan.batchSize / batchSize);
      // The learning rate is told with each step.
      if (change.key !== "optimizer.learningRate") changes?.rebuild(this.config);
      changes?.happened(change, this.config);
    }
  }

  /** Stands still until the user resumes, steps or stops. */
  private async hold(betweenSteps = false): Promise<void> {
    this.status = "paused";
    this.clock.stop();
    this.log.statusChanged();
    while (this.control.holding) {
      await this.control.nextCommand();
      // Not in the midst of an evaluation.
      if (betweenSteps) this.makeChanges();
    }
    if (!this.control.paused) this.status = "running";
    this.clock.start(this.step);
    this.log.statusChanged();
  }
}

/** Rows of a step: "full" and sizes beyond the rows there are mean all rows. */
export function batchRows({ batchSize }: Pick<RunConfig, "batchSize">, rows: number): number {
  return batchSize === "full" ? rows : Math.min(batchSize, rows);
}
