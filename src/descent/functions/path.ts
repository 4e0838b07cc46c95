/**
 * The path of a descent, point by point and exact: every step up to a number that can be drawn, then every second,
 * every fourth … Which steps are kept depends on the steps alone, so that the same descent has the same path.
 */
export interface FunctionPath {
  readonly step: Float64Array;
  readonly value: Float64Array;
  /** NaN where it was not told. */
  readonly gradientNorm: Float64Array;
  /** The variables of each point, point by point. */
  readonly points: Float64Array;
}

const MOST_POINTS = 4096;

export class FunctionPathRecorder {
  private steps: number[] = [];
  private values: number[] = [];
  private gradientNorms: number[] = [];
  private coordinates: number[] = [];
  private stride = 1;
  private last: { step: number; value: number; gradientNorm: number; point: Float64Array } | null = null;

  constructor(private readonly variables: number) {}

  /** Steps in ascending order, from 0, the start. */
  record(step: number, value: number, point: Float64Array, gradientNorm = NaN): void {
    if (step % this.stride !== 0) {
      if (!this.last) this.last = { step, value, gradientNorm, point: point.slice() };
      else {
        this.last.step = step;
        this.last.value = value;
        this.last.gradientNorm = gradientNorm;
        this.last.point.set(point);
      }
      return;
    }
    this.steps.push(step);
    this.values.push(value);
    this.gradientNorms.push(gradientNorm);
    for (let k = 0; k < this.variables; k++) this.coordinates.push(point[k]);
    if (this.steps.length > MOST_POINTS) this.thin();
  }

  /** The kept points and the last one. */
  path(): FunctionPath {
    const { last } = this;
    const more = last && last.step > this.steps[this.steps.length - 1] ? last : null;
    return {
      step: Float64Array.from(more ? [...this.steps, more.step] : this.steps),
      value: Float64Array.from(more ? [...this.values, more.value] : this.values),
      gradientNorm: Float64Array.from(more ? [...this.gradientNorms, more.gradientNorm] : this.gradientNorms),
      points: Float64Array.from(more ? [...this.coordinates, ...more.point] : this.coordinates),
    };
  }

  private thin(): void {
    this.stride *= 2;
    const n = this.variables;
    const stays = (_: unknown, i: number): boolean => this.steps[i] % this.stride === 0;
    this.coordinates = this.coordinates.filter((_, i) => stays(null, Math.floor(i / n)));
    this.values = this.values.filter(stays);
    this.gradientNorms = this.gradientNorms.filter(stays);
    this.steps = this.steps.filter(stays);
  }
}
