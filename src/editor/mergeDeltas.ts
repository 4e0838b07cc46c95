import type { HealthColumns } from "../protocol/health";
import type { EpochColumns, StepColumns } from "../protocol/run";
import type { RunDelta } from "../protocol/webview";

/** One delta that does what `first` and then `second` do. Both are of the same run. */
export function mergeDeltas(first: RunDelta, second: RunDelta): RunDelta {
  const merged: RunDelta = { ...first, ...second };
  if (first.steps && second.steps) merged.steps = joinSteps(first.steps, second.steps);
  if (first.epochs && second.epochs) merged.epochs = joinEpochs(first.epochs, second.epochs);
  if (first.health && second.health) merged.health = joinHealth(first.health, second.health);
  if (first.warnings && second.warnings) merged.warnings = [...first.warnings, ...second.warnings];
  return merged;
}

function joinSteps(a: StepColumns, b: StepColumns): StepColumns {
  return {
    step: join(a.step, b.step),
    loss: join(a.loss, b.loss),
    gradientNorm: join(a.gradientNorm, b.gradientNorm),
    learningRate: join(a.learningRate, b.learningRate),
    ...(a.point && b.point && { point: a.point.map((values, k) => join(values, b.point?.[k] ?? values)) }),
  };
}

function joinEpochs(a: EpochColumns, b: EpochColumns): EpochColumns {
  const lengths = [a.epoch.length, b.epoch.length] as const;
  const metrics = joinNamed(a.metrics, b.metrics, lengths);
  return { epoch: join(a.epoch, b.epoch), step: join(a.step, b.step), metrics };
}

function joinHealth(a: HealthColumns, b: HealthColumns): HealthColumns {
  const values = joinNamed(a.values, b.values, [a.step.length, b.step.length]);
  return { step: join(a.step, b.step), values };
}

type Named = Record<string, Float64Array | undefined>;

/** What only one part has is unknown in the other: all columns stay of one length. */
function joinNamed(a: Named, b: Named, [m, n]: readonly [number, number]): Record<string, Float64Array> {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  const unknown = (length: number): Float64Array => new Float64Array(length).fill(NaN);
  const columns = [...names].map((name) => [name, join(a[name] ?? unknown(m), b[name] ?? unknown(n))]);
  return Object.fromEntries(columns) as Record<string, Float64Array>;
}

function join(a: Float64Array, b: Float64Array): Float64Array {
  const joined = new Float64Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/**
 * The same message with every typed array owning exactly its own numbers: one that looks into a larger buffer
 * would ship all of it to the webview.
 */
export function ownArrays<T>(value: T): T {
  if (ArrayBuffer.isView(value)) {
    const array = value as unknown as Float64Array;
    const whole = array.byteLength === array.buffer.byteLength && array.buffer instanceof ArrayBuffer;
    return whole ? value : (array.slice() as unknown as T);
  }
  if (Array.isArray(value)) return value.map(ownArrays) as unknown as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, ownArrays(part)])) as T;
}
