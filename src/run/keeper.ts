/** Keeps a run on the disk as it goes: decides when the journal, the checkpoints and the path are written. */
import type { Engine } from "../engine/engine";
import type { PathFollower } from "./pathFollower";
import type { RunFolder } from "./runFolder";
import type { Training } from "./training";
import { HistogramPace, weightHistograms } from "./weightHistograms";

/** Milliseconds between two looks at what is due, also while nothing else happens: in a pause, in a long evaluation. */
const heartbeat = 20;

/** Milliseconds from the beginning to the first checkpoint, and between two of them at the most. */
const firstSave = 100;
const saveInterval = 2000;

/** What is done on the run's own thread for a save may take a hundredth of its time. */
const restAfterSave = 100;

/** Bytes of the path that are written in a second, at the most: that of a large network has some thirty million. */
const pathBytesPerSecond = 4e6;

/** A path of so many bytes is kept when its run has ended: with it, the true loss of each of its points can be told. */
const mostPathBytes = 2 ** 21;

export class Keeper {
  private readonly startedAt = performance.now();
  private readonly histogramPace = new HistogramPace(this.startedAt);
  private readonly timer: NodeJS.Timeout;
  private nextSave = this.startedAt + firstSave;
  private nextPath = this.startedAt;
  /** What the last checkpoint held, to save nothing twice. */
  private saved = "";

  constructor(
    private readonly folder: RunFolder,
    private readonly engine: Engine,
    private readonly training: Training,
    private readonly follower: PathFollower | null,
  ) {
    this.timer = setInterval(() => this.beat(), heartbeat);
  }

  step(step: number, loss: number, gradientNorm: number, learningRate: number): void {
    this.folder.journal?.step(step, loss, gradientNorm, learningRate);
  }

  /** @param metrics keyed "training.loss" … */
  epoch(epoch: number, step: number, metrics: Record<string, number>): void {
    this.folder.journal?.epoch(epoch, step, metrics);
    if (this.histogramPace.due(performance.now())) this.lookAtWeights(step);
  }

  /** @param values keyed as HealthColumns are */
  health(step: number, values: Record<string, number>): void {
    this.folder.journal?.health(step, values);
  }

  /** Writes what is due. Called between two chunks. */
  beat(): void {
    const { journal, saveUnderWay } = this.folder;
    journal?.tick();
    const now = performance.now();
    const { status, step } = this.training;
    // A checkpoint is taken just when the journal has been told all up to its step, so that they fit together.
    if (now < this.nextSave || saveUnderWay || journal?.settled === false) return;
    if ((status !== "running" && status !== "paused") || this.saved === this.position()) return;
    if (step > 0) this.save(now, false);
  }

  /** The last checkpoint of a run, which has ended. */
  end(): void {
    this.stop();
    if (this.training.step > 0) this.lookAtWeights(this.training.step);
    this.save(performance.now(), true);
  }

  /** Writes nothing more. */
  stop(): void {
    clearInterval(this.timer);
  }

  private save(now: number, last: boolean): void {
    const { training, engine, follower } = this;
    const { restoredEpoch } = training;
    try {
      const checkpoint = {
        snapshot: engine.snapshot(),
        state: training.state(),
        kernel: engine.kernel,
        ...(restoredEpoch === undefined ? {} : { restoredEpoch }),
      };
      const goesOn = !last || training.status === "stopped";
      const kept = goesOn || (follower?.pathBytes ?? 0) <= mostPathBytes;
      const path = follower && kept && (last || now >= this.nextPath) ? follower.state() : undefined;
      this.folder.save({
        checkpoint,
        trajectory: follower?.latest ?? null,
        ...(path ? { path } : {}),
        ...(kept ? {} : { path: null }),
        ...(goesOn ? {} : { plane: follower?.plane() ?? null }),
        last,
      });
      this.saved = this.position();
      const took = performance.now() - now;
      if (path) {
        const bytes = path.points.reduce((sum, { values }) => sum + values.byteLength, 0);
        this.nextPath = now + (1000 * bytes) / pathBytesPerSecond;
      }
      // Soon at first, so that a run of a moment leaves something too.
      const wait = Math.min(saveInterval, Math.max(firstSave, now - this.startedAt));
      this.nextSave = now + Math.max(wait, restAfterSave * took);
    } catch (error) {
      // No memory for a copy of the weights.
      this.folder.fail(error);
      this.nextSave = Infinity;
    }
  }

  private position(): string {
    const { step, epochsTold } = this.training;
    return `${step} ${epochsTold}`;
  }

  private lookAtWeights(step: number): void {
    const { journal } = this.folder;
    if (!journal) return;
    const started = performance.now();
    const histograms = weightHistograms(this.engine.network, this.engine.parameters);
    journal.weights({ wallTime: Date.now() / 1000, step, histograms });
    const now = performance.now();
    this.histogramPace.looked(now, now - started);
  }
}
