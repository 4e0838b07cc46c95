/**
 * What a run has reported so far, in bounded memory: when a series outgrows its limit it is thinned to half of
 * it, keeping every minimum and maximum. Used by the host for a live run, by the worker for what waits to be
 * sent or written, and when a stored run is loaded.
 */
import type { EpochColumns, StepColumns } from "../protocol/run";
import { Series, thinEpochs, thinSteps } from "./columns";

export const defaultHistoryLimit = 8192;

/** Steps in ascending order. */
export class StepHistory {
  private readonly step = new Series();
  private readonly loss = new Series();
  private readonly gradientNorm = new Series();
  private readonly learningRate = new Series();
  /** Functions only: of each variable. */
  private point: Series[] | null = null;

  /** @param limit the most steps that are kept; Infinity keeps every one */
  constructor(private readonly limit: number = defaultHistoryLimit) {}

  get length(): number {
    return this.step.length;
  }

  /** @param point functions only, and then always */
  push(
    step: number,
    loss: number,
    gradientNorm: number,
    learningRate: number,
    point?: ArrayLike<number>,
  ): void {
    if (point) {
      this.point ??= Array.from(point, () => new Series());
      this.point.forEach((series, k) => series.push(point[k]));
    }
    this.step.push(step);
    this.loss.push(loss);
    this.gradientNorm.push(gradientNorm);
    this.learningRate.push(learningRate);
    if (this.step.length > this.limit) this.compact();
  }

  append(columns: StepColumns): void {
    this.step.append(columns.step);
    this.loss.append(columns.loss);
    this.gradientNorm.append(columns.gradientNorm);
    this.learningRate.append(columns.learningRate);
    if (columns.point) {
      this.point ??= columns.point.map(() => new Series());
      this.point.forEach((series, k) => series.append(columns.point?.[k] ?? new Float64Array()));
    }
    if (this.step.length > this.limit) this.compact();
  }

  columns(): StepColumns {
    return {
      step: this.step.copy(),
      loss: this.loss.copy(),
      gradientNorm: this.gradientNorm.copy(),
      learningRate: this.learningRate.copy(),
      ...(this.point && { point: this.point.map((series) => series.copy()) }),
    };
  }

  clear(): void {
    this.step.clear();
    this.loss.clear();
    this.gradientNorm.clear();
    this.learningRate.clear();
    for (const series of this.point ?? []) series.clear();
  }

  private compact(): void {
    const thinned = thinSteps(this.columns(), Math.floor(this.limit / 2));
    this.clear();
    this.append(thinned);
  }
}

/** Epochs in ascending order. A metric absent from some epochs is NaN there. */
export class EpochHistory {
  private readonly epoch = new Series();
  private readonly step = new Series();
  private readonly metrics = new Map<string, Series>();
  /** Series with room, of metrics that were there before the last `clear`. */
  private readonly spare = new Map<string, Series>();

  constructor(private readonly limit: number = defaultHistoryLimit) {}

  get length(): number {
    return this.epoch.length;
  }

  /** @param metrics keyed "training.loss", "validation.accuracy" … */
  push(epoch: number, step: number, metrics: Readonly<Record<string, number>>): void {
    const before = this.epoch.length;
    this.epoch.push(epoch);
    this.step.push(step);
    // Small networks end thousands of epochs a second: nothing is made for each.
    for (const name of Object.keys(metrics))
      (this.metrics.get(name) ?? this.begin(name, before)).push(metrics[name]);
    for (const series of this.metrics.values()) if (series.length <= before) series.push(NaN);
    if (this.epoch.length > this.limit) this.compact();
  }

  append(columns: EpochColumns): void {
    const before = this.epoch.length;
    this.epoch.append(columns.epoch);
    this.step.append(columns.step);
    for (const [name, values] of Object.entries(columns.metrics)) {
      (this.metrics.get(name) ?? this.begin(name, before)).append(values);
    }
    const missing = new Float64Array(columns.epoch.length).fill(NaN);
    for (const series of this.metrics.values()) {
      if (series.length < this.epoch.length) series.append(missing);
    }
    if (this.epoch.length > this.limit) this.compact();
  }

  /** A metric that no epoch had before. */
  private begin(name: string, epochs: number): Series {
    const series = this.spare.get(name) ?? new Series();
    if (epochs > 0) series.append(new Float64Array(epochs).fill(NaN));
    this.metrics.set(name, series);
    return series;
  }

  columns(): EpochColumns {
    const metrics = [...this.metrics].map(([name, series]) => [name, series.copy()]);
    return {
      epoch: this.epoch.copy(),
      step: this.step.copy(),
      metrics: Object.fromEntries(metrics) as Record<string, Float64Array>,
    };
  }

  clear(): void {
    this.epoch.clear();
    this.step.clear();
    for (const [name, series] of this.metrics) {
      series.clear();
      this.spare.set(name, series);
    }
    this.metrics.clear();
  }

  private compact(): void {
    const thinned = thinEpochs(this.columns(), Math.floor(this.limit / 2));
    this.clear();
    this.append(thinned);
  }
}
