/**
 * The journal of a run: the thinned history in TensorBoard's own format, appended as the run goes. Writing
 * happens beside the steps and never holds them up.
 */
import { open, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { encodeFileVersion, encodeScalars, type ScalarEvent } from "../formats/tensorboard";
import type { EpochColumns, StepColumns } from "../protocol/run";
import { thinEpochs, thinSteps } from "./columns";
import { EpochHistory, StepHistory } from "./history";

/** Milliseconds between two writes. */
const interval = 150;

/** In no second, wherever it begins, are more records written. */
const recordsPerSecond = 200;

/** With room for fewer records, which would show too little, what waits is left waiting: the end has as much, at least. */
const fewestRecords = 10;

/** A batch's loss before its step, as the charts show it. */
const lossTag = "loss/training";
const gradientNormTag = "gradient_norm";
const learningRateTag = "learning_rate";
/** Marks the records of epochs' ends. */
const epochTag = "epoch";
/** The loss of all training rows at an epoch's end; "loss/training" is taken by the batches'. */
const epochLossTag = "loss/training_epoch";

export class Journal {
  private readonly steps = new StepHistory();
  private readonly epochs = new EpochHistory();
  private writing: Promise<void> = Promise.resolve();
  private busy = false;
  private lastWrite: number;
  /** How many records were written when, within the last second. */
  private recent: { time: number; records: number }[] = [];

  private constructor(
    private file: FileHandle | null,
    private readonly failed: (error: unknown) => void,
    private readonly now: () => number,
  ) {
    this.lastWrite = now();
  }

  /** Begins a journal in a run folder. Rejects when the file cannot be made; later faults go to `failed`, once. */
  static async create(
    folder: string,
    startedAt: number,
    failed: (error: unknown) => void,
    now: () => number = () => Date.now(),
  ): Promise<Journal> {
    const seconds = Math.floor(startedAt / 1000);
    const file = await open(path.join(folder, `events.out.tfevents.${seconds}.downhill`), "ax");
    try {
      await file.appendFile(encodeFileVersion(startedAt / 1000));
    } catch (error) {
      await file.close().catch(() => undefined);
      throw error;
    }
    return new Journal(file, failed, now);
  }

  step(step: number, loss: number, gradientNorm: number, learningRate: number): void {
    if (this.file) this.steps.push(step, loss, gradientNorm, learningRate);
  }

  /** @param metrics keyed "training.loss" … */
  epoch(epoch: number, step: number, metrics: Record<string, number>): void {
    if (this.file) this.epochs.push(epoch, step, metrics);
  }

  /** Starts a write when one is due and none is under way. */
  tick(): void {
    if (!this.file || this.busy || this.now() - this.lastWrite < interval) return;
    this.busy = true;
    this.writing = this.flush(1 / 2).finally(() => (this.busy = false));
  }

  /** Writes what is left and closes the file. */
  async close(): Promise<void> {
    await this.writing;
    await this.flush(1);
    await this.file?.close().catch(this.failed);
    this.file = null;
  }

  /**
   * @param share of the records that may still be written in this second. Half of them each time leaves something for
   * what comes next, settles at a steady pace, and still keeps a run of a moment whole.
   */
  private async flush(share: number): Promise<void> {
    if (!this.file) return;
    const now = this.now();
    this.recent = this.recent.filter(({ time }) => Math.abs(now - time) < 1000);
    const written = this.recent.reduce((sum, { records }) => sum + records, 0);
    const allowed = Math.floor(share * (recordsPerSecond - written));
    if (allowed < fewestRecords) return;
    const epochs = thinEpochs(this.epochs.columns(), Math.floor(allowed / 3));
    const steps = thinSteps(this.steps.columns(), allowed - epochs.epoch.length);
    this.steps.clear();
    this.epochs.clear();
    this.lastWrite = now;
    const events = [...stepEvents(steps, now / 1000), ...epochEvents(epochs, now / 1000)];
    if (events.length === 0) return;
    events.sort((a, b) => a.step - b.step);
    this.recent.push({ time: now, records: events.length });
    try {
      await this.file.appendFile(Buffer.concat(events.map(encodeScalars)));
    } catch (error) {
      const file = this.file;
      this.file = null;
      await file.close().catch(() => undefined);
      this.failed(error);
    }
  }
}

function stepEvents(columns: StepColumns, wallTime: number): ScalarEvent[] {
  return Array.from(columns.step, (step, i) => ({
    wallTime,
    step,
    scalars: [
      [lossTag, columns.loss[i]],
      [gradientNormTag, columns.gradientNorm[i]],
      [learningRateTag, columns.learningRate[i]],
    ],
  }));
}

function epochEvents(columns: EpochColumns, wallTime: number): ScalarEvent[] {
  return Array.from(columns.epoch, (epoch, i) => {
    const scalars: [string, number][] = [[epochTag, epoch]];
    for (const [name, values] of Object.entries(columns.metrics)) scalars.push([tagOf(name), values[i]]);
    return { wallTime, step: columns.step[i], scalars };
  });
}

/** "validation.accuracy" → "accuracy/validation": TensorBoard groups charts by what stands before the slash. */
function tagOf(metric: string): string {
  const [set, name] = metric.split(".");
  return metric === "training.loss" ? epochLossTag : `${name}/${set}`;
}

function metricOf(tag: string): string {
  const [name, set] = tag.split("/");
  return tag === epochLossTag ? "training.loss" : `${set}.${name}`;
}

/** What a journal tells, in bounded memory. */
export interface ReplayedJournal {
  steps: StepHistory;
  epochs: EpochHistory;
}

/** Adds the history that a journal's events tell, oldest first. */
export function replayJournal(
  events: readonly ScalarEvent[],
  history: ReplayedJournal = { steps: new StepHistory(), epochs: new EpochHistory() },
): ReplayedJournal {
  const { steps, epochs } = history;
  for (const { step, scalars } of events) {
    const values = new Map(scalars);
    const epoch = values.get(epochTag);
    if (epoch === undefined) {
      const value = (tag: string): number => values.get(tag) ?? NaN;
      steps.push(step, value(lossTag), value(gradientNormTag), value(learningRateTag));
    } else {
      values.delete(epochTag);
      epochs.push(epoch, step, Object.fromEntries([...values].map(([tag, value]) => [metricOf(tag), value])));
    }
  }
  return history;
}
