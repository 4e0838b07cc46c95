/**
 * One layer in line: forward, backward, its gradient and its optimiser's step, in the order in which `../kernel` adds up, so that the
 * bits are the same.
 *
 * A layer's numbers lie along its units: a vector holds four units of one row, or four units' weights of one input. Only in a layer of
 * one unit that would waste three lanes of four: there, outputs lie down the rows and weights along the inputs.
 */
import type { Layer, Optimizer } from "../../engine";
import { PANEL } from "../panels";
import { activate, type Activated } from "./activations";
import type { FunctionBody, Variable } from "./functionBody";
import { type Code, f32, f32x4, f64, f64x2, i32, v128 } from "./instructions";
import { addLanes, firstLanes, sumOfLanes } from "./losses";
import { type StepScalars, update } from "./optimizers";
import { gather, LANES, splatLane, type Tile, tileOfColumns, tileOfRows, transpose, vectors } from "./tile";

const zero = f32x4.splatConst(0);
const lanes = [0, 1, 2, 3];

export interface Places {
  /** Where the layer's weights begin, in panels, and how far behind each slot is. */
  readonly weight: number;
  readonly slotOffsets: readonly number[];
  /** Where the dropout factors of a group's first row are, and from one panel to the next; null without dropout. */
  readonly mask: { readonly at: Code; readonly start: number; readonly stride: number } | null;
}

/** What a layer makes of a group of four rows. */
export interface Forward {
  readonly input: Tile;
  readonly output: Tile;
  /** dL/dz of this layer from dL/d output, four numbers of it. */
  slope(row: number, v: number, gradient: Code): Code;
}

/** Four parameters, with their slots and their gradient. */
interface Cell {
  readonly theta: Variable;
  readonly slots: readonly Variable[];
  readonly gradient: Variable;
  /** Addresses of the four numbers, relative to the weights' beginning, where they lie apart; else of the first. */
  readonly at: number | readonly number[];
}

export interface UnrolledLayer {
  /** Parameters and slots from memory, once a call, and back. */
  load(): void;
  store(): void;
  clearGradient(): void;
  /** What the way back needs of the weights as they are before the step. */
  prepare(): void;
  forward(input: Tile, activated: boolean): Forward;
  /** Adds to the gradient. @param delta dL/dz */
  accumulate(input: Tile, delta: Tile): void;
  /** dL/dz of the layer before. */
  backward(delta: Tile, before: Forward, beforeUnits: number): Tile;
  /** The sums of squares of the gradient, one per panel. */
  squares(): Code[];
  update(optimizer: Optimizer, scalars: StepScalars): void;
}

export function unrollLayer(body: FunctionBody, layer: Layer, places: Places): UnrolledLayer {
  return layer.units === 1 ? ofOneUnit(body, layer, places) : ofUnits(body, layer, places);
}

function newCell(body: FunctionBody, { slotOffsets }: Places, at: Cell["at"]): Cell {
  return {
    theta: body.variable("v128"),
    slots: slotOffsets.map(() => body.variable("v128")),
    gradient: body.variable("v128"),
    at,
  };
}

function* variablesOf({ theta, slots }: Cell, { weight, slotOffsets }: Places) {
  yield { variable: theta, start: weight };
  for (const [i, offset] of slotOffsets.entries()) yield { variable: slots[i], start: weight + offset };
}

const nowhere = i32.const(0);

function loadCell(cell: Cell, places: Places): void {
  for (const { variable, start } of variablesOf(cell, places)) {
    if (typeof cell.at === "number") variable.set(v128.load(start + cell.at, nowhere));
    else {
      variable.set(zero);
      cell.at.forEach((at, i) => variable.set(v128.loadLane(start + at, i, nowhere, variable.get)));
    }
  }
}

function storeCell(body: FunctionBody, cell: Cell, places: Places): void {
  for (const { variable, start } of variablesOf(cell, places)) {
    if (typeof cell.at === "number") body.do(v128.store(start + cell.at, nowhere, variable.get));
    else cell.at.forEach((at, i) => body.do(v128.storeLane(start + at, i, nowhere, variable.get)));
  }
}

/** What both kinds of layers do to all their cells alike. */
function common(body: FunctionBody, cells: readonly Cell[], places: Places) {
  return {
    load: () => cells.forEach((cell) => loadCell(cell, places)),
    store: () => cells.forEach((cell) => storeCell(body, cell, places)),
    clearGradient: () => cells.forEach(({ gradient }) => gradient.set(zero)),
    update: (optimizer: Optimizer, scalars: StepScalars) => {
      for (const { theta, slots, gradient } of cells) {
        body.scope(() => {
          update(body, optimizer, scalars, gradient.get, theta, slots);
          return [];
        });
      }
    },
  };
}

function ofUnits(body: FunctionBody, { inputs, units, activation }: Layer, places: Places): UnrolledLayer {
  const width = vectors(units);
  // cells[k][v]: the weights of input k to units 4v …; the bias is input `inputs`.
  const cells = Array.from({ length: inputs + 1 }, (_, k) =>
    Array.from({ length: width }, (_, v) => {
      const panel = Math.floor((LANES * v) / PANEL);
      const half = v % 2;
      return newCell(body, places, (panel * (inputs + 1) + k) * PANEL * 4 + half * 16);
    }),
  );
  /** turned[j][v]: the weights of unit j from inputs 4v … */
  let turned: Code[][] = [];

  return {
    ...common(body, cells.flat(), places),
    prepare: () => {
      turned = Array.from({ length: units }, () => []);
      for (let v = 0; v < width; v++) {
        for (let k = 0; k < inputs; k += LANES) {
          const block = lanes.map((i) => (k + i < inputs ? cells[k + i][v].theta.get : zero));
          transpose(body, block).forEach((vector, j) => {
            if (LANES * v + j < units) turned[LANES * v + j].push(vector);
          });
        }
      }
    },
    forward: (input, activated) => {
      const rows = lanes.map((row) =>
        Array.from({ length: width }, (_, v) => {
          let z = cells[inputs][v].theta.get;
          for (let k = 0; k < inputs; k++) {
            z = f32x4.add(z, f32x4.mul(input.splat(row, k), cells[k][v].theta.get));
          }
          const kept = body.keep(z);
          if (!activated) return { output: kept, slope: null };
          const { output, slope } = activate(body, activation, kept);
          if (!places.mask) return { output, slope };
          const panel = Math.floor((LANES * v) / PANEL) * places.mask.stride;
          const at = places.mask.start + panel + row * 32 + (v % 2) * 16;
          const factor = body.keep(v128.load(at, places.mask.at));
          return {
            output: body.keep(f32x4.mul(output, factor)),
            slope: slope === null ? factor : body.keep(f32x4.mul(slope, factor)),
          };
        }),
      );
      return {
        input,
        output: tileOfRows(
          body,
          rows.map((row) => row.map(({ output }) => output)),
        ),
        slope: (row, v, gradient) => times(gradient, rows[row][v].slope),
      };
    },
    accumulate: (input, delta) => {
      for (const row of lanes) {
        for (let v = 0; v < width; v++) {
          const d = delta.row(row, v);
          for (let k = 0; k < inputs; k++) {
            const { gradient } = cells[k][v];
            gradient.set(f32x4.add(gradient.get, f32x4.mul(input.splat(row, k), d)));
          }
          const { gradient } = cells[inputs][v];
          gradient.set(f32x4.add(gradient.get, d));
        }
      }
    },
    backward: (delta, before, beforeUnits) => {
      if (beforeUnits === 1) {
        const sum = Array.from({ length: units }, (_, j) =>
          f32x4.mul(delta.column(j), splatLane(cells[0][Math.floor(j / LANES)].theta.get, j % LANES)),
        ).reduce((a, b) => f32x4.add(a, b));
        return tileOfColumns(body, [body.keep(before.slope(0, 0, sum))]);
      }
      const rows = lanes.map((row) =>
        Array.from({ length: vectors(beforeUnits) }, (_, v) => {
          const sum = turned
            .map((weights, j) => f32x4.mul(delta.splat(row, j), weights[v]))
            .reduce((a, b) => f32x4.add(a, b));
          return body.keep(before.slope(row, v, sum));
        }),
      );
      return tileOfRows(body, rows);
    },
    squares: () => {
      const panels = Math.ceil(units / PANEL);
      return Array.from({ length: panels }, (_, panel) => {
        const halves = [2 * panel, 2 * panel + 1].filter((v) => v < width);
        const squares = halves.map((v) =>
          cells.map((row) => f32x4.mul(row[v].gradient.get, row[v].gradient.get)),
        );
        const sum = inChains(squares, f32x4.add).reduce<Code>(
          (pair, part) => addLanes(pair, body.keep(part)),
          f64x2.splatConst(0),
        );
        return sumOfLanes(body.keep(sum));
      });
    },
  };
}

function ofOneUnit(body: FunctionBody, { inputs, activation }: Layer, places: Places): UnrolledLayer {
  const width = vectors(inputs);
  const lanesOf = (v: number) => Math.min(LANES, inputs - LANES * v);
  const cells = Array.from({ length: width }, (_, v) =>
    newCell(
      body,
      places,
      Array.from({ length: lanesOf(v) }, (_, i) => (LANES * v + i) * PANEL * 4),
    ),
  );
  const bias = newCell(body, places, [inputs * PANEL * 4]);

  return {
    ...common(body, [...cells, bias], places),
    prepare: () => undefined,
    forward: (input, activated) => {
      let z: Code = splatLane(bias.theta.get, 0);
      for (let k = 0; k < inputs; k++) {
        const weight = splatLane(cells[Math.floor(k / LANES)].theta.get, k % LANES);
        z = f32x4.add(z, f32x4.mul(input.column(k), weight));
      }
      const kept = body.keep(z);
      let { output, slope }: Activated = activated
        ? activate(body, activation, kept)
        : { output: kept, slope: null };
      if (places.mask && activated) {
        const { at, start } = places.mask;
        const factor = body.keep(
          gather(
            lanes.map((row) => i32.add(at, i32.const(start + row * 32))),
            0,
          ),
        );
        output = body.keep(f32x4.mul(output, factor));
        slope = slope === null ? factor : body.keep(f32x4.mul(slope, factor));
      }
      return { input, output: tileOfColumns(body, [output]), slope: (_row, _v, g) => times(g, slope) };
    },
    accumulate: (input, delta) => {
      for (const row of lanes) {
        const d = body.keep(delta.splat(row, 0));
        cells.forEach(({ gradient }, v) => {
          gradient.set(f32x4.add(gradient.get, f32x4.mul(input.row(row, v), d)));
        });
        bias.gradient.set(f32x4.add(bias.gradient.get, d));
      }
    },
    backward: (delta, before, beforeUnits) => {
      if (beforeUnits === 1) {
        const gradient = f32x4.mul(delta.column(0), splatLane(cells[0].theta.get, 0));
        return tileOfColumns(body, [body.keep(before.slope(0, 0, gradient))]);
      }
      const rows = lanes.map((row) => {
        const d = body.keep(delta.splat(row, 0));
        return cells.map(({ theta }, v) => body.keep(before.slope(row, v, f32x4.mul(d, theta.get))));
      });
      return tileOfRows(body, rows);
    },
    squares: () => {
      // What lies beyond the inputs may be anything until here.
      cells.forEach(({ gradient }, v) => {
        if (lanesOf(v) < LANES) gradient.set(v128.and(gradient.get, firstLanes(lanesOf(v))));
      });
      bias.gradient.set(v128.and(bias.gradient.get, firstLanes(1)));
      const squares = [...cells, bias].map(({ gradient }) =>
        body.keep(f32x4.mul(gradient.get, gradient.get)),
      );
      const terms = [
        ...Array.from({ length: inputs }, (_, k) =>
          f32x4.extractLane(squares[Math.floor(k / LANES)], k % LANES),
        ),
        f32x4.extractLane(squares[width], 0),
      ];
      return [
        inChains([terms], f32.add)
          .map((part) => f64.fromF32(part))
          .reduce((low, high) => f64.add(low, high)),
      ];
    },
  };
}

/**
 * The sum of the terms of one or two halves of a panel, in one or two parts, as the kernels add them up: four chains through every
 * fourth term each, what is left over at the end in the first.
 */
function inChains(halves: readonly (readonly Code[])[], add: (a: Code, b: Code) => Code): Code[] {
  const count = halves[0].length;
  const whole = count - (count % 4);
  const chain = (first: number) =>
    halves
      .map((terms) =>
        terms.filter((_, i) => (i < whole ? i % 4 === first : first === 0)).reduce((a, b) => add(a, b)),
      )
      .reduce((a, b) => add(a, b));
  return whole === 0 ? [chain(0)] : [add(chain(0), chain(1)), add(chain(2), chain(3))];
}

function times(x: Code, factor: Code | null): Code {
  return factor === null ? x : f32x4.mul(x, factor);
}
