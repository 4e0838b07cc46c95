/**
 * Where descents lead: for each start of a grid the minimum that it reaches. Made bit by bit, coarse to fine, so that the page stays
 * quick and something is to be seen at once.
 */
import { Descent, startFault, type DescentSettings } from "../../src/descent/functions/descent";
import type { DifferentiableFunction } from "../../src/descent/functions/differentiable";
import type { View } from "../function/view";

/** Cells of the whole picture along each side. */
export const CELLS = 96;

/** A gradient norm that counts as arrived, whatever a run asks for. */
const NEAR_ENOUGH = 1e-4;

/** Two ends are the same minimum within this share of the picture. */
const SAME = 0.01;

export interface Basins {
  /** The ends that were found: their variables. */
  readonly minima: readonly (readonly [number, number])[];
  /** Of each cell, row by row from the top, the index of its minimum: -1 for none, -2 for not known yet. */
  readonly reached: Int16Array;
  /** Of the picture's cells, how many stand for one that has been made: 8, 4, 2, and 1 at the end. */
  readonly coarseness: number;
}

export class BasinMaker {
  private readonly minima: [number, number][];
  private readonly reached = new Int16Array(CELLS * CELLS).fill(-2);
  private readonly settings: DescentSettings;
  private coarseness = 8;
  private next = 0;

  /** @param known ends of descents that have been made already, so that they come first */
  constructor(
    private readonly f: DifferentiableFunction,
    settings: DescentSettings,
    private readonly view: View,
    known: readonly (readonly [number, number])[] = [],
  ) {
    this.settings = { ...settings, gradientTolerance: Math.max(settings.gradientTolerance, NEAR_ENOUGH) };
    this.minima = [];
    for (const end of known) this.indexOf(end);
  }

  get basins(): Basins {
    return { minima: this.minima, reached: this.reached, coarseness: this.coarseness };
  }

  get done(): boolean {
    return this.coarseness < 1;
  }

  /** Makes descents for so many milliseconds. */
  work(milliseconds: number): void {
    const deadline = performance.now() + milliseconds;
    while (!this.done && performance.now() < deadline) this.step();
  }

  private step(): void {
    const side = CELLS / this.coarseness;
    const [column, row] = [this.next % side, Math.floor(this.next / side)];
    const cell = row * this.coarseness * CELLS + column * this.coarseness;
    if (this.reached[cell] === -2)
      this.reached[cell] = this.endFrom(column * this.coarseness, row * this.coarseness);
    this.next++;
    if (this.next < side * side) return;
    this.next = 0;
    this.coarseness = this.coarseness > 1 ? this.coarseness / 2 : 0;
  }

  private endFrom(column: number, row: number): number {
    const { f, view } = this;
    const start = [
      view.a[0] + ((column + 0.5) / CELLS) * (view.a[1] - view.a[0]),
      view.b[1] - ((row + 0.5) / CELLS) * (view.b[1] - view.b[0]),
    ];
    if (startFault(f, start) !== null) return -1;
    const descent = new Descent(f, this.settings, start);
    while (descent.advance());
    if (descent.ending?.kind !== "converged") return -1;
    return this.indexOf([descent.point[0], descent.point[1]]);
  }

  private indexOf([x, y]: readonly [number, number]): number {
    const { view, minima } = this;
    const near = SAME * Math.max(view.a[1] - view.a[0], view.b[1] - view.b[0]);
    const index = minima.findIndex(([a, b]) => Math.hypot(a - x, b - y) <= near);
    return index >= 0 ? index : minima.push([x, y]) - 1;
  }
}
