/** Columns of equal length, as runs report their steps and epochs: growing, joining, and thinning them. */
import type { HealthColumns } from "../protocol/health";
import type { EpochColumns, StepColumns } from "../protocol/run";

/** A number series that grows at amortised constant cost per value. */
export class Series {
  private buffer = new Float64Array(64);
  length = 0;

  push(value: number): void {
    if (this.length === this.buffer.length) this.reserve(this.length + 1);
    this.buffer[this.length++] = value;
  }

  append(values: Float64Array): void {
    this.reserve(this.length + values.length);
    this.buffer.set(values, this.length);
    this.length += values.length;
  }

  at(index: number): number {
    return this.buffer[index];
  }

  last(): number {
    return this.buffer[this.length - 1];
  }

  /** A copy that owns its memory, so that it can be posted to another thread or a view. */
  copy(): Float64Array {
    return this.buffer.slice(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }

  private reserve(length: number): void {
    if (length <= this.buffer.length) return;
    const larger = new Float64Array(Math.max(length, this.buffer.length * 2));
    larger.set(this.buffer.subarray(0, this.length));
    this.buffer = larger;
  }
}

/** Picks rows of step columns. */
export function pickSteps(columns: StepColumns, rows: readonly number[]): StepColumns {
  return {
    step: pick(columns.step, rows),
    loss: pick(columns.loss, rows),
    gradientNorm: pick(columns.gradientNorm, rows),
    learningRate: pick(columns.learningRate, rows),
    ...(columns.point && { point: columns.point.map((values) => pick(values, rows)) }),
  };
}

/** Picks rows of epoch columns. */
export function pickEpochs(columns: EpochColumns, rows: readonly number[]): EpochColumns {
  const metrics = Object.entries(columns.metrics).map(([name, values]) => [name, pick(values, rows)]);
  return {
    epoch: pick(columns.epoch, rows),
    step: pick(columns.step, rows),
    metrics: Object.fromEntries(metrics) as Record<string, Float64Array>,
  };
}

function pick(values: Float64Array, rows: readonly number[]): Float64Array {
  const picked = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = values[rows[i]];
  return picked;
}

/**
 * At most `limit` steps that draw the same chart: consecutive steps are put into buckets of equal width, so that what
 * is thinned again and again stays as fine at its beginning as at its end, and of each bucket the steps with the smallest and the largest loss and gradient norm are kept, whole. The first
 * and the last step are always kept, so no spike is ever lost; thinning what was thinned loses none either.
 * That takes room for six; fewer are the last step and the highest of the others.
 */
export function thinSteps(columns: StepColumns, limit: number): StepColumns {
  if (columns.step.length <= limit) return columns;
  return pickSteps(columns, tellingRows([columns.loss, columns.gradientNorm], columns.step, limit));
}

/** As thinSteps, by the training and the validation loss. */
export function thinEpochs(columns: EpochColumns, limit: number): EpochColumns {
  if (columns.epoch.length <= limit) return columns;
  const watched = ["training.loss", "validation.loss"].flatMap((name) => columns.metrics[name] ?? []);
  return pickEpochs(columns, tellingRows(watched, columns.epoch, limit));
}

/** As thinSteps, by the quantities of the network as a whole. What was not measured draws nothing. */
export function thinHealth({ step, values }: HealthColumns, limit: number): HealthColumns {
  if (step.length <= limit) return { step, values };
  const whole = Object.entries(values).filter(([key]) => !key.startsWith("layers."));
  const watched = whole.map(([, column]) => {
    const ordinary = column.find(Number.isFinite) ?? 0;
    return column.map((value) => (Number.isNaN(value) ? ordinary : value));
  });
  const rows = tellingRows(watched, step, limit);
  const picked = Object.entries(values).map(([key, column]) => [key, pick(column, rows)]);
  return { step: pick(step, rows), values: Object.fromEntries(picked) as HealthColumns["values"] };
}

/** At most `limit` rows, ascending. `at` ascends too: where each row stands. */
function tellingRows(watched: readonly Float64Array[], at: Float64Array, limit: number): number[] {
  const room = Math.floor(limit);
  const buckets = watched.length === 0 ? 0 : Math.floor((room - 2) / (2 * watched.length));
  if (buckets > 0) return extremeRows(watched, at, buckets);
  return [...lastAndHighest(watched, at.length, room)].sort((a, b) => a - b);
}

/** Rows that hold the first, the last, and every bucket's extremes of every series, ascending. */
function extremeRows(watched: readonly Float64Array[], at: Float64Array, buckets: number): number[] {
  const { length } = at;
  const rows = [0];
  const extremes: number[] = [];
  const width = (at[length - 1] - at[0]) / buckets;
  let to = 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = to;
    const end = at[0] + (bucket + 1) * width;
    while (to < length && (at[to] < end || bucket === buckets - 1)) to++;
    if (from === to) continue;
    extremes.length = 0;
    for (const series of watched) {
      let smallest = from;
      let largest = from;
      let low = rank(series[from]);
      let high = low;
      for (let row = from + 1; row < to; row++) {
        const value = rank(series[row]);
        if (value < low) {
          low = value;
          smallest = row;
        } else if (value > high) {
          high = value;
          largest = row;
        }
      }
      extremes.push(smallest, largest);
    }
    extremes.sort((a, b) => a - b);
    for (const row of extremes) if (row > rows[rows.length - 1]) rows.push(row);
  }
  if (rows[rows.length - 1] < length - 1) rows.push(length - 1);
  return rows;
}

/** The last row, then the highest of each series while there is room. */
function lastAndHighest(watched: readonly Float64Array[], length: number, room: number): Set<number> {
  const rows = new Set<number>(room > 0 ? [length - 1] : []);
  for (const series of watched) {
    if (rows.size >= room) break;
    let largest = 0;
    for (let row = 1; row < length; row++) if (rank(series[row]) > rank(series[largest])) largest = row;
    rows.add(largest);
  }
  return rows;
}

/** NaN is what a chart must show above all else. */
function rank(value: number): number {
  return Number.isNaN(value) ? Infinity : value;
}
