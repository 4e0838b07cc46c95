/**
 * The journal of a run: the thinned history in TensorBoard's own format, appended as the run goes. Writing
 * happens beside the steps and never holds them up. What is told is on its way to the file within 100 milliseconds.
 */
import { open, readFile, stat, truncate, type FileHandle } from "node:fs/promises";
import path from "node:path";
import {
  decodeEvents,
  encodeFileVersion,
  encodeHistograms,
  encodeScalars,
  type HistogramEvent,
  type ScalarEvent,
} from "../formats/tensorboard";
import type { HealthColumns } from "../protocol/health";
import type { EpochColumns, StepColumns } from "../protocol/run";
import { thinEpochs, thinHealth, thinSteps } from "./columns";
import { HealthHistory } from "./health/healthHistory";
import { healthOf, healthScalars } from "./health/healthTags";
import { EpochHistory, StepHistory } from "./history";
import { RecordBudget } from "./recordBudget";

/** Milliseconds between two writes. */
const interval = 75;

/** A batch's loss before its step, as the charts show it. */
const lossTag = "loss/training";
const gradientNormTag = "gradient_norm";
const learningRateTag = "learning_rate";
/** Marks the records of epochs' ends. */
const epochTag = "epoch";
/** The loss of all training rows at an epoch's end; "loss/training" is taken by the batches'. */
const epochLossTag = "loss/training_epoch";

/** Where a journal stood at some step: what a run that is resumed there cuts it to. */
export interface JournalMark {
  /** Its name in the run's folder. */
  file: string;
  /** Bytes. */
  length: number;
}

interface JournalOptions {
  /** Told of a fault in writing, once. */
  failed: (error: unknown) => void;
  now?: () => number;
}

export class Journal {
  private readonly steps = new StepHistory();
  private readonly epochs = new EpochHistory();
  private readonly healths = new HealthHistory();
  private histograms: HistogramEvent | null = null;
  /** Resolves with the length of the file after the writes so far. */
  private writing: Promise<number>;
  private closing: Promise<void> | null = null;
  private busy = false;
  private lastWrite: number;
  private readonly budget: RecordBudget;
  private readonly failed: (error: unknown) => void;
  private readonly now: () => number;

  private constructor(
    private file: FileHandle | null,
    readonly name: string,
    private length: number,
    isNew: boolean,
    { failed, now = () => Date.now() }: JournalOptions,
  ) {
    this.failed = failed;
    this.now = now;
    this.writing = Promise.resolve(length);
    this.budget = new RecordBudget(now(), isNew);
    this.lastWrite = isNew ? now() : 0;
  }

  /** Begins a journal in a run folder. Rejects when the file cannot be made; later faults go to `failed`, once. */
  static async create(folder: string, startedAt: number, options: JournalOptions): Promise<Journal> {
    const name = journalName(startedAt);
    const file = await open(path.join(folder, name), "ax");
    const version = encodeFileVersion(startedAt / 1000);
    try {
      await file.appendFile(version);
    } catch (error) {
      await file.close().catch(() => undefined);
      throw error;
    }
    return new Journal(file, name, version.length, true, options);
  }

  /** Goes on with a journal from where it stood: whatever was written after that is cut off. */
  static async continue(folder: string, mark: JournalMark, options: JournalOptions): Promise<Journal> {
    const name = path.basename(mark.file);
    const length = await cut(path.join(folder, name), mark.length);
    const file = await open(path.join(folder, name), "a");
    return new Journal(file, name, length, false, options);
  }

  step(step: number, loss: number, gradientNorm: number, learningRate: number): void {
    if (this.file) this.steps.push(step, loss, gradientNorm, learningRate);
  }

  /** @param metrics keyed "training.loss" … */
  epoch(epoch: number, step: number, metrics: Record<string, number>): void {
    if (this.file) this.epochs.push(epoch, step, metrics);
  }

  /** @param values keyed as HealthColumns are */
  health(step: number, values: Record<string, number>): void {
    if (this.file) this.healths.push(step, values);
  }

  /** How the weights were distributed; of those that are told between two writes, the last is kept. */
  weights(histograms: HistogramEvent): void {
    if (this.file) this.histograms = histograms;
  }

  /** Whether all that was told is written or being written: then a checkpoint may follow it. */
  get settled(): boolean {
    const waiting = this.steps.length + this.epochs.length + this.healths.length;
    return !this.file || (waiting === 0 && !this.histograms);
  }

  /** Starts a write when one is due and none is under way. */
  tick(): void {
    if (!this.file || this.busy || this.settled || this.now() - this.lastWrite < interval) return;
    this.busy = true;
    this.writing = this.flush(this.budget.available(this.now())).finally(() => (this.busy = false));
  }

  /** Where the journal stands, when what was told so far is on the disk or writing has failed. */
  async mark(): Promise<JournalMark> {
    const length = await this.writing;
    try {
      await this.file?.datasync();
    } catch (error) {
      await this.give(error);
    }
    return { file: this.name, length };
  }

  /** Writes what is left and closes the file. Whoever asks again waits for the same: closing twice would cut the last write off. */
  close(): Promise<void> {
    return (this.closing ??= this.finish());
  }

  private async finish(): Promise<void> {
    await this.writing;
    this.writing = this.flush(this.budget.rest(this.now()));
    await this.writing;
    const { file } = this;
    this.file = null;
    await file?.close().catch(this.failed);
  }

  /** Returns the length of the file after it. */
  private async flush(records: number): Promise<number> {
    const { file } = this;
    if (!file || records < 1) return this.length;
    const now = this.now();
    const { histograms } = this;
    const room = records - (histograms ? 1 : 0);
    const epochs = thinEpochs(this.epochs.columns(), Math.max(1, Math.floor(room / 3)));
    const left = room - epochs.epoch.length;
    const health = thinHealth(this.healths.columns(), Math.floor(left / 3));
    const steps = thinSteps(this.steps.columns(), left - health.step.length);
    this.steps.clear();
    this.epochs.clear();
    this.healths.clear();
    this.histograms = null;
    this.lastWrite = now;
    const all = [
      ...(histograms ? [{ step: histograms.step, bytes: encodeHistograms(histograms) }] : []),
      ...stepEvents(steps, now / 1000).map(encoded),
      ...epochEvents(epochs, now / 1000).map(encoded),
      ...healthEvents(health, now / 1000).map(encoded),
    ].sort((a, b) => a.step - b.step);
    if (all.length === 0) return this.length;
    this.budget.spend(all.length, now);
    const bytes = Buffer.concat(all.map((record) => record.bytes));
    try {
      await file.appendFile(bytes);
      this.length += bytes.length;
    } catch (error) {
      await this.give(error);
    }
    return this.length;
  }

  /** Gives the file up. */
  private async give(error: unknown): Promise<void> {
    const { file } = this;
    if (!file) return;
    this.file = null;
    await file.close().catch(() => undefined);
    this.failed(error);
  }
}

/** The name of the journal of a run that began then. */
export function journalName(startedAt: number): string {
  return `${journalPrefix}${Math.floor(startedAt / 1000)}.downhill`;
}

export const journalPrefix = "events.out.tfevents.";

/** How the name ends of a journal that a branch took over from the run it branches from: it is written once. */
const beforeExtension = ".before";

/** The name of what a branch takes over of the journal of a run that began then: in front of its own by name. */
export function journalBeforeName(startedAt: number): string {
  return `${journalPrefix}${Math.floor(startedAt / 1000)}${beforeExtension}`;
}

/** Whether a file of a run's folder is a journal that the run writes itself. */
export function isOwnJournal(name: string): boolean {
  return name.startsWith(journalPrefix) && !name.endsWith(beforeExtension);
}

/** Cuts a file to a length that ends a record; one that lost its tail, to the last whole record. Returns the length. */
async function cut(file: string, length: number): Promise<number> {
  const { size } = await stat(file);
  const kept = size >= length ? length : decodeEvents(await readFile(file)).intactBytes;
  await truncate(file, kept);
  return kept;
}

function encoded(event: ScalarEvent): { step: number; bytes: Uint8Array } {
  return { step: event.step, bytes: encodeScalars(event) };
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

function healthEvents({ step, values }: HealthColumns, wallTime: number): ScalarEvent[] {
  return Array.from(step, (at, i) => ({ wallTime, step: at, scalars: healthScalars(values, i) }));
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
  /** Absent: what was measured of steps is passed over. */
  health?: HealthHistory;
}

/** Adds the history that a journal's events tell, oldest first. */
export function replayJournal(
  events: readonly ScalarEvent[],
  history: ReplayedJournal = {
    steps: new StepHistory(),
    epochs: new EpochHistory(),
    health: new HealthHistory(),
  },
): ReplayedJournal {
  const { steps, epochs, health } = history;
  for (const { step, scalars } of events) {
    const probe = healthOf(scalars);
    if (probe) {
      health?.push(step, probe);
      continue;
    }
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
