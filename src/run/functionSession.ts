/**
 * One run that minimises a function, from its config's text to its last event: the counterpart of `session.ts`, with
 * the same events, commands and files.
 */
import path from "node:path";
import { runConfigLanguage } from "../config/files";
import { formatProblem } from "../config/problem";
import { classify } from "../descent/functions/criticalPoint";
import { digits } from "../data/wording";
import { Descent } from "../descent/functions/descent";
import { HealthRecorder } from "../descent/functions/healthRecorder";
import { FunctionPathRecorder } from "../descent/functions/path";
import { onPlane, principalPlane } from "../descent/functions/plane";
import type {
  FunctionDescription,
  FunctionOutcome,
  Progress,
  RunResult,
  RunStatus,
  Trajectory,
} from "../protocol/run";
import type { RunEvent, StartRun } from "../protocol/worker";
import { StoppedEarly, type Control } from "./control";
import { writeAtomically } from "./diskWrites";
import { encodePoint, FunctionFolder, type FunctionRunFile } from "./functionFolder";
import { openFunctionRun } from "./functionResumption";
import { summarizeFunction } from "./functionSummary";
import { EpochHistory, StepHistory } from "./history";
import { ConfigError } from "./material";
import { nothingReached } from "./nothingReached";
import { readRunConfig, type FunctionRun } from "./readRunConfig";
import { Reporter } from "./reporter";
import { writeFault } from "./runFolder";
import { RunInUseError } from "./runLock";
import { PathError } from "./workspace";
import { nameOfRun, standsForSeveral } from "./runVariants";
import { WallClock } from "./wallClock";

/** Milliseconds of steps between two looks for commands. */
const chunkTime = 10;

/** So many steps are made between two looks at the clock. */
const stepsPerLook = 16;

/** Milliseconds between two saves of the point, and between two paths that are sent. */
const saveInterval = 5000;
const pathInterval = 250;

/** The run of a config that minimises a function; null where the config is about a network, or cannot be read. */
export function functionRunOf({ configFile, configText }: StartRun): FunctionSession | null {
  const language = runConfigLanguage(configFile) ?? (/\.ya?ml$/i.test(configFile) ? "yaml" : "json");
  const { functionConfig, functionRun, variants, problems } = readRunConfig(configText, language);
  if (!functionConfig) return null;
  if (variants) return new FunctionSession(standsForSeveral(path.basename(configFile), variants.length));
  const first = problems.find(({ severity }) => severity === "error");
  return new FunctionSession(
    functionRun ??
      formatProblem(
        path.basename(configFile),
        configText,
        first ?? { start: 0, message: "The function cannot be read." },
      ),
  );
}

export class FunctionSession {
  /** @param run or, as a sentence, why there is none */
  constructor(private readonly run: FunctionRun | string) {}

  /** Runs to the end and never rejects: the last event is always "done". */
  async start(start: StartRun, control: Control, emit: (event: RunEvent) => void): Promise<void> {
    if (typeof this.run === "string") {
      emit({
        type: "done",
        result: { ...nothingReached, status: "failed", message: this.run, cause: "config" },
      });
      return;
    }
    if (start.branch) {
      const message = `${path.basename(start.configFile)} minimises a function: no run of a network can begin where another stood with it; write its "start" instead.`;
      emit({ type: "done", result: { ...nothingReached, status: "failed", message, cause: "config" } });
      return;
    }
    const running = new RunningDescent(this.run, start, control, emit);
    try {
      await running.toTheEnd();
    } catch (error) {
      const text = error instanceof Error ? error.message.split("\n")[0] : String(error);
      if (error instanceof StoppedEarly)
        return running.end({ ...nothingReached, status: "stopped", message: "Stopped before it went on." });
      if (error instanceof ConfigError || error instanceof PathError || error instanceof RunInUseError)
        return running.end({ ...nothingReached, status: "failed", message: text, cause: "config" });
      const message = `The run failed because of a fault in Downhill (${text}); please report it.`;
      await running.end({ ...nothingReached, status: "failed", message, cause: "internal" });
    }
  }
}

class RunningDescent {
  private readonly descent: Descent;
  private readonly description: FunctionDescription;
  private readonly recorder: FunctionPathRecorder;
  private readonly health = new HealthRecorder();
  private readonly reporter: Reporter;
  private readonly clock = new WallClock();
  private readonly warnings: string[] = [];
  private folder: FunctionFolder | null = null;
  private status: RunStatus = "running";
  /** Seconds inside steps. */
  private seconds = 0;
  private saved = performance.now();
  private pathSent = -Infinity;
  private pathStep = -1;

  constructor(
    private readonly run: FunctionRun,
    private readonly start: StartRun,
    private readonly control: Control,
    private readonly emit: (event: RunEvent) => void,
  ) {
    const { config, f } = run;
    this.descent = new Descent(f, config, run.start);
    this.recorder = new FunctionPathRecorder(f.variables.length);
    this.recorder.record(0, this.descent.value, this.descent.point);
    this.reporter = new Reporter(emit, start.steps, () => this.progress(), control);
    this.description = this.describe();
  }

  async toTheEnd(): Promise<void> {
    const { runsFolder, configText, resume } = this.start;
    const warn = (message: string): void => this.warn(message);
    if (resume && runsFolder !== null) {
      const folder = path.join(runsFolder, this.start.id);
      const opened = await openFunctionRun(folder, this.start);
      if (opened.result) return this.repeat(opened.run, opened.result);
      this.folder = await FunctionFolder.resume(opened, warn);
      this.warnings.push(...opened.run.warnings);
      this.description.folder = folder;
      this.description.startedAt = opened.run.startedAt;
      await this.goBackTo(opened.step);
      return this.goOn();
    }
    if (runsFolder !== null) {
      this.folder = await FunctionFolder.open(
        runsFolder,
        this.description,
        this.run.config,
        configText,
        warn,
      );
    }
    this.emit({ type: "start", description: this.description });
    await this.goOn();
  }

  /** Makes the steps once more that the journal knows: they take the same way, and are told as what was kept. */
  private async goBackTo(step: number): Promise<void> {
    const { descent, control, recorder, health } = this;
    const history = new StepHistory();
    let looked = performance.now();
    while (descent.step < step) {
      const { value, gradientNorm } = descent;
      const before = Array.from(descent.point);
      if (!descent.advance()) break;
      history.push(descent.step, value, gradientNorm, descent.learningRate, before);
      recorder.record(descent.step, descent.value, descent.point);
      health.takes(descent.step);
      if (descent.step % stepsPerLook !== 0 || performance.now() - looked < chunkTime) continue;
      this.emit({
        type: "loading",
        message: `Going back to step ${digits(step)}`,
        fraction: descent.step / step,
      });
      await control.breathe();
      if (control.stopping) throw new StoppedEarly();
      looked = performance.now();
    }
    const epochs = new EpochHistory().columns();
    const resumed = { step, epoch: step, steps: history.columns(), epochs, trajectory: this.trajectory() };
    this.emit({ type: "start", description: this.description, resumed });
  }

  /** A descent that has ended makes no step, but writes what was asked. */
  private async repeat({ description }: FunctionRunFile, result: RunResult): Promise<void> {
    this.emit({ type: "start", description });
    while (this.descent.step < result.steps && this.descent.advance());
    const { weightsFile: _before, ...reached } = result;
    this.emit({ type: "done", result: { ...reached, ...(await this.writePoint()) } });
  }

  private async goOn(): Promise<void> {
    const stopped = !(await this.walk());
    const outcome = this.outcome();
    const result = this.result(outcome, stopped);
    this.status = result.status;
    const trajectory = this.trajectory();
    if (trajectory) this.reporter.follow(trajectory);
    // The user sees the end before the disk has seen it.
    this.reporter.finish();
    this.folder?.save(this.descent.step, this.descent.point, trajectory);
    await this.end({ ...result, ...(await this.writePoint()) });
  }

  async end(result: RunResult): Promise<void> {
    await this.folder?.close(result, this.warnings);
    this.emit({ type: "done", result });
  }

  /** Makes the steps, with room for commands between them. Returns false when the run was stopped. */
  private async walk(): Promise<boolean> {
    const { descent, control, reporter } = this;
    let stepped = false;
    this.clock.start(this.descent.step);
    const { lastStep = Infinity } = this.start;
    while (!descent.ending) {
      if (descent.step >= lastStep) return false;
      this.tick();
      await control.breathe();
      while (reporter.full && !control.stopping && !control.holding) {
        await control.rest();
        this.tick();
      }
      if (stepped) control.stepping = false;
      if (control.holding) await this.hold();
      if (control.stopping) return false;
      stepped = control.stepping;
      this.chunk(stepped ? 1 : lastStep - descent.step);
      this.clock.at(descent.step);
    }
    return true;
  }

  private chunk(mostSteps: number): void {
    const { descent, reporter, folder, recorder } = this;
    const started = performance.now();
    for (let made = 0; made < mostSteps;) {
      const { value, gradientNorm } = descent;
      const before = Array.from(descent.point);
      if (!descent.advance()) break;
      made++;
      const { step, learningRate } = descent;
      reporter.step(step, value, gradientNorm, learningRate, before);
      folder?.journal.step(step, value, gradientNorm, learningRate);
      recorder.record(step, descent.value, descent.point);
      if (this.start.health && this.health.takes(step)) this.tellHealth();
      if (made % stepsPerLook === 0 && (performance.now() - started > chunkTime || reporter.full)) break;
    }
    this.seconds += (performance.now() - started) / 1000;
  }

  private tellHealth(): void {
    const { step, decreaseRatio, angle } = this.descent;
    this.reporter.health(step, { decreaseRatio, angle });
    this.folder?.journal.health(step, { decreaseRatio, angle });
  }

  private tick(): void {
    const now = performance.now();
    if (now - this.pathSent >= pathInterval && this.descent.step !== this.pathStep) {
      const trajectory = this.trajectory();
      if (trajectory) this.reporter.follow(trajectory);
    }
    this.reporter.tick();
    this.folder?.journal.tick();
    if (this.folder && now - this.saved >= saveInterval) {
      this.saved = now;
      this.folder.save(this.descent.step, this.descent.point, this.trajectory());
    }
  }

  /** Stands still until the user resumes, steps or stops. */
  private async hold(): Promise<void> {
    this.status = "paused";
    this.clock.stop();
    this.reporter.send();
    while (this.control.holding) await this.control.nextCommand();
    if (!this.control.paused) this.status = "running";
    this.clock.start(this.descent.step);
    this.reporter.send();
  }

  private describe(): FunctionDescription {
    const { config, f, start, domain } = this.run;
    const { optimizer, schedule, gradientTolerance, gradientClipNorm, steps, seed } = config;
    return {
      id: this.start.id,
      name: nameOfRun(this.start),
      ...(this.start.comparison && { comparison: this.start.comparison }),
      configFile: this.start.configFile,
      folder: null,
      optimizer: optimizer.type,
      learningRate: optimizer.learningRate,
      totalSteps: steps,
      seed,
      kernel: "function",
      startedAt: Date.now(),
      notes: [],
      function: {
        expression: f.expression,
        variables: [...f.variables],
        start: [...start],
        domain,
        optimizer,
        schedule,
        gradientTolerance,
        ...(gradientClipNorm === undefined ? {} : { gradientClipNorm }),
      },
    };
  }

  private progress(): Progress {
    const { descent, status } = this;
    const ended = status !== "running" && status !== "paused";
    return {
      status,
      step: descent.step,
      epoch: descent.step,
      trainingSeconds: this.seconds,
      samplesPerSecond: null,
      secondsLeft: ended ? 0 : this.clock.secondsFor(this.run.config.steps - descent.step),
      training: null,
      validation: null,
      function: { point: [...descent.point], value: descent.value, gradientNorm: descent.gradientNorm },
    };
  }

  private outcome(): FunctionOutcome {
    const { point, value, gradientNorm } = this.descent;
    const { kind, eigenvalues } = classify(
      this.run.f,
      point,
      gradientNorm,
      this.run.config.gradientTolerance,
    );
    return {
      point: [...point],
      value,
      gradientNorm,
      criticalPoint: kind,
      eigenvalues: Array.from(eigenvalues, (eigenvalue) => (Number.isFinite(eigenvalue) ? eigenvalue : null)),
    };
  }

  private result(outcome: FunctionOutcome, stopped: boolean): RunResult {
    const { step: steps, ending } = this.descent;
    const diverged = ending?.kind === "unbounded" || ending?.kind === "non-finite";
    const { config, f } = this.run;
    const end = { ...outcome, steps, ending: stopped ? null : ending };
    return {
      ...nothingReached,
      status: stopped ? "stopped" : diverged ? "diverged" : "completed",
      steps,
      epochs: steps,
      trainingSeconds: this.seconds,
      function: outcome,
      message: summarizeFunction(end, f, config.optimizer.learningRate, config.steps),
    };
  }

  private trajectory(): Trajectory | null {
    this.pathSent = performance.now();
    this.pathStep = this.descent.step;
    if (!this.start.trajectory) return null;
    const n = this.run.f.variables.length;
    const { step, value, points } = this.recorder.path();
    const common = { step, loss: value, points, sketched: false };
    if (n > 2) {
      const plane = principalPlane(points, n);
      return { ...common, ...onPlane(points, plane), explained: plane.explained };
    }
    const coordinate = (k: number): Float64Array => step.map((_, i) => (k < n ? points[i * n + k] : 0));
    return {
      ...common,
      a: coordinate(0),
      b: coordinate(1),
      offPlane: new Float64Array(step.length),
      explained: [1, 0],
    };
  }

  /** Writes the point that the host asked for. */
  private async writePoint(): Promise<Pick<RunResult, "weightsFile">> {
    const { weightsFile } = this.start;
    if (weightsFile === undefined) return {};
    try {
      await writeAtomically(weightsFile, encodePoint(this.descent.step, this.descent.point));
      return { weightsFile };
    } catch (error) {
      this.warn(`The point cannot be written to ${weightsFile}, as ${writeFault(error)}.`);
      return {};
    }
  }

  private warn(message: string): void {
    this.warnings.push(message);
    this.emit({ type: "warning", message });
  }
}
