/**
 * The path of θ: snapshots of the parameters as a run goes, few enough to keep and to draw, however long the
 * run is.
 *
 * At first every step is kept. Each time the path is full, every second point is dropped and the stride
 * doubles; so which steps are kept depends on the steps alone, not on time, and the same run has the same
 * path.
 */
import type { FloatArray } from "../engine/engine";
import { sketch, SKETCH_SIZE } from "./sketch";

export interface PathPoint {
  /** Steps taken when it was recorded; 0 is the start. */
  readonly step: number;
  readonly loss: number;
  /** The parameters, or their sketch. */
  readonly values: FloatArray;
}

/** Numbers that all snapshots together may hold: 32 MB of float32. */
const MEMORY = 2 ** 23;
const MOST_POINTS = 256;
/** A path of fewer points would look like a polygon: larger networks are sketched instead. */
const FEWEST_POINTS = 64;

/** What a recorder needs to go on. */
export interface PathState {
  readonly points: readonly PathPoint[];
  readonly stride: number;
}

export class PathRecorder {
  /** True when points hold sketches because the network is too large to keep its snapshots. */
  readonly sketched: boolean;
  /** Numbers in each point. */
  readonly pointSize: number;
  private readonly capacity: number;
  private kept: PathPoint[] = [];
  private stride = 1;
  /** Arrays of dropped points, to be written again: a path makes no work for the garbage collector. */
  private spare: FloatArray[] = [];
  /** Arrays that somebody else reads now, perhaps in another thread: they are never written again. */
  private readonly lent = new WeakSet<FloatArray>();

  constructor(parameterCount: number) {
    this.sketched = parameterCount * FEWEST_POINTS > MEMORY;
    this.pointSize = this.sketched ? SKETCH_SIZE : parameterCount;
    this.capacity = this.sketched
      ? MOST_POINTS
      : Math.min(MOST_POINTS, Math.floor(MEMORY / Math.max(1, parameterCount)));
  }

  get points(): readonly PathPoint[] {
    return this.kept;
  }

  /** The next step that the path wants; the start, before anything is recorded. */
  get nextStep(): number {
    if (this.kept.length === 0) return 0;
    const first = this.kept[0].step;
    const last = this.kept[this.kept.length - 1].step;
    return first + (Math.floor((last - first) / this.stride) + 1) * this.stride;
  }

  wants(step: number): boolean {
    return (
      this.kept.length === 0 || (step >= this.nextStep && (step - this.kept[0].step) % this.stride === 0)
    );
  }

  /**
   * Adds a point, in the order of steps; an unwanted one too (the end of a run), until the path is thinned.
   * The same step again replaces its loss (the mean over all training rows, after that of the batch).
   * Parameters that are not finite have no place to be drawn, and are left out.
   *
   * @param parameters all parameters; copied
   */
  record(step: number, parameters: FloatArray, loss: number): void {
    const last = this.kept.at(-1);
    if (last !== undefined && step < last.step) {
      throw new RangeError(`step ${step} comes after step ${last.step} in the path`);
    }
    if (!isFinite(parameters)) return;
    if (last !== undefined && step === last.step) this.kept[this.kept.length - 1] = { ...last, loss };
    else this.kept.push({ step, loss, values: this.stored(parameters) });
    while (this.kept.length > this.capacity) this.thin();
  }

  /** The parameters, or their sketches, at each point, to be read for as long as one likes; not copied. */
  lend(): FloatArray[] {
    return this.kept.map(({ values }) => {
      this.lent.add(values);
      return values;
    });
  }

  /** What is kept now, as copies. */
  state(): PathState {
    return {
      points: this.kept.map((point) => ({ ...point, values: point.values.slice() })),
      stride: this.stride,
    };
  }

  /** Goes on with a path that was kept, up to a step. The arrays become the recorder's own. */
  restore({ points, stride }: PathState, upTo = Infinity): void {
    const first = points[0]?.step ?? 0;
    // The end of a run that was stopped is not wanted in one that goes on.
    this.kept = points.filter(({ step }) => step <= upTo && (step - first) % stride === 0);
    this.stride = stride;
  }

  private stored(parameters: FloatArray): FloatArray {
    const spare = this.spare.pop();
    if (this.sketched) return sketch(parameters, spare ?? new Float64Array(SKETCH_SIZE));
    const copy = spare ?? sharedFloats(parameters.length);
    copy.set(parameters);
    return copy;
  }

  private thin(): void {
    this.stride *= 2;
    const first = this.kept[0].step;
    const stays = (point: PathPoint) => (point.step - first) % this.stride === 0;
    for (const point of this.kept) {
      if (!stays(point) && !this.lent.has(point.values)) this.spare.push(point.values);
    }
    this.kept = this.kept.filter(stays);
  }
}

/** Zeros, in memory that other threads can read where the host has such. */
function sharedFloats(length: number): Float32Array {
  if (typeof SharedArrayBuffer === "undefined") return new Float32Array(length);
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}

function isFinite(values: FloatArray): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}
