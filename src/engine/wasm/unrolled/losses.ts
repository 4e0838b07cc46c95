/** The losses of four rows and their derivatives in line, as `../kernel/losses.ts` computes them. */
import type { Loss } from "../../engine";
import { expBelowZero, log1p } from "./elementary";
import type { FunctionBody, Variable } from "./functionBody";
import { type Code, f32x4, f64, f64x2, i32, i32x4, v128 } from "./instructions";
import { gather, LANES, splatLane, type Tile, tileOfColumns, tileOfRows, vectors } from "./tile";

const c = f32x4.splatConst;

/** What the loss of a group of four rows is computed from. */
export interface LossInputs {
  readonly outputs: number;
  readonly z: Tile;
  /** Where the targets of each row are. */
  readonly targets: readonly Code[];
  /** All bits of the lanes of rows that the batch has. */
  readonly rowMask: Code;
  /** 1 / what the loss is divided by, as two float64, and that / outputs as four float32. */
  readonly scale: Code;
  readonly perOutput: Code;
  readonly classWeights: ArrayLike<number> | null;
  /** Where the class weights are, one float32 each. */
  readonly classWeightsAt: number;
}

/** The sum of a step's losses: start it at 0, add every group, and read the whole at the end. */
export interface LossSum {
  clear(): void;
  /** Adds a group's losses and returns their derivatives by the outputs. */
  add(inputs: LossInputs): Tile;
  readonly sum: Code;
}

export function lossSum(body: FunctionBody, loss: Loss, outputs: number): LossSum {
  return loss === "categorical-cross-entropy" ? categorical(body, outputs) : byElement(body, loss, outputs);
}

/** Adds four float32 to two float64, lanes 0 + 2 and 1 + 3. */
export function addLanes(sum: Code, x: Code): Code {
  return f64x2.add(sum, f64x2.add(f64x2.promoteLow(x), f64x2.promoteLow(upper(x))));
}

export function sumOfLanes(pair: Code): Code {
  return f64.add(f64x2.extractLane(pair, 0), f64x2.extractLane(pair, 1));
}

function upper(x: Code): Code {
  return v128.shuffle(x, x, [2, 3, 2, 3]);
}

/** All bits set in the first `count` lanes. */
export function firstLanes(count: number): Code {
  const bits = (lane: number) => (lane < count ? -1 : 0);
  return i32x4.const(bits(0), bits(1), bits(2), bits(3));
}

function byElement(
  body: FunctionBody,
  loss: Exclude<Loss, "categorical-cross-entropy">,
  outputs: number,
): LossSum {
  const total = body.variable("f64");
  const sum = body.variable("v128");
  return {
    clear: () => total.set(f64.const(0)),
    add: (inputs) => {
      const { z, targets, rowMask } = inputs;
      sum.set(f64x2.splatConst(0));
      let deltas: Tile;
      if (outputs === 1) {
        const y = body.keep(gather(targets, 0));
        const delta = addElements(body, loss, inputs, body.keep(z.column(0)), y, rowMask, sum);
        deltas = tileOfColumns(body, [delta]);
      } else {
        const present = targets.map((_, row) => body.keep(splatLane(rowMask, row)));
        const rows: Code[][] = targets.map(() => []);
        for (let v = 0; v < vectors(outputs); v++) {
          const columns = Math.min(LANES, outputs - LANES * v);
          const only = (x: Code) => (columns < LANES ? body.keep(v128.and(x, firstLanes(columns))) : x);
          targets.forEach((address, row) => {
            const y = only(body.keep(v128.load(16 * v, address)));
            rows[row].push(addElements(body, loss, inputs, z.row(row, v), y, only(present[row]), sum));
          });
        }
        deltas = tileOfRows(body, rows);
      }
      total.set(f64.add(total.get, sumOfLanes(sum.get)));
      return deltas;
    },
    sum: outputs === 1 ? total.get : f64.div(total.get, f64.const(outputs)),
  };
}

/** Four losses into the sum. Returns their derivatives. */
function addElements(
  body: FunctionBody,
  loss: Exclude<Loss, "categorical-cross-entropy">,
  { perOutput, classWeights }: LossInputs,
  z: Code,
  y: Code,
  used: Code,
  sum: Variable,
): Code {
  const add = (losses: Code) => sum.set(addLanes(sum.get, body.keep(v128.and(losses, used))));
  if (loss !== "binary-cross-entropy") {
    const error = body.keep(f32x4.sub(z, y));
    if (loss === "mse") {
      add(f32x4.mul(error, error));
      const factor = f32x4.add(perOutput, perOutput);
      return body.keep(v128.and(f32x4.mul(error, factor), used));
    }
    add(f32x4.abs(error));
    const above = v128.and(perOutput, f32x4.gt(error, c(0)));
    const below = v128.and(f32x4.neg(perOutput), f32x4.lt(error, c(0)));
    return body.keep(v128.and(v128.or(above, below), used));
  }
  const e = body.keep(expBelowZero(body, body.keep(f32x4.neg(f32x4.abs(z)))));
  const linear = f32x4.sub(f32x4.pmax(z, c(0)), f32x4.mul(z, y));
  const losses = f32x4.add(linear, log1p(body, e));
  const larger = body.keep(f32x4.div(c(1), f32x4.add(c(1), e)));
  const smaller = body.keep(f32x4.mul(e, larger));
  const negative = body.keep(f32x4.lt(z, c(0)));
  const p = v128.bitselect(smaller, larger, negative);
  const q = v128.bitselect(larger, smaller, negative);
  const error = f32x4.sub(f32x4.mul(f32x4.sub(c(1), y), p), f32x4.mul(y, q));
  const delta = f32x4.mul(error, perOutput);
  if (!classWeights) {
    add(losses);
    return body.keep(v128.and(delta, used));
  }
  const weight = body.keep(v128.bitselect(c(classWeights[1]), c(classWeights[0]), f32x4.gt(y, c(0.5))));
  add(f32x4.mul(weight, losses));
  return body.keep(v128.and(f32x4.mul(delta, weight), used));
}

/** Softmax and cross-entropy of four rows at once, lanes are rows; float64 where the kernels sum in float64. */
function categorical(body: FunctionBody, outputs: number): LossSum {
  const total = body.variable("f64");
  return {
    clear: () => total.set(f64.const(0)),
    add: ({ z, targets, rowMask, scale, classWeights, classWeightsAt }) => {
      const classes = Array.from({ length: outputs }, (_, k) => k);
      const logits = classes.map((k) => z.column(k));
      const largest = body.keep(logits.reduce((a, b) => f32x4.pmax(a, b)));
      const powers = logits.map((logit) =>
        body.keep(expBelowZero(body, body.keep(f32x4.sub(logit, largest)))),
      );
      const target = body.keep(i32x4.truncF32x4(gather(targets, 0)));
      const isTarget = classes.map((k) => body.keep(i32x4.eq(target, i32x4.splatConst(k))));
      const atTarget = (values: Code[]) =>
        body.keep(values.map((value, k) => v128.and(value, isTarget[k])).reduce((a, b) => v128.or(a, b)));
      const logit = atTarget(logits);
      const power = atTarget(powers);
      const weight = classWeights ? body.keep(weightsAt(body, target, classWeightsAt)) : null;

      // Rows 0 and 1, then 2 and 3.
      const [rest, factor, towards] = [0, 1]
        .map((half) => {
          const doubles = (x: Code) => f64x2.promoteLow(half === 0 ? x : upper(x));
          const sum = body.keep(sumInKernelsOrder(powers.map(doubles)));
          const weighted = weight ? f64x2.mul(scale, doubles(weight)) : scale;
          const factor = body.keep(f64x2.div(weighted, sum));
          return [
            body.keep(f32x4.demote(f64x2.sub(sum, f64x2.splatConst(1)))),
            body.keep(f32x4.demote(factor)),
            body.keep(f32x4.neg(f32x4.demote(f64x2.mul(f64x2.sub(sum, doubles(power)), factor)))),
          ];
        })
        .reduce(([a, b, d], [x, y, w]) => [join(a, x), join(b, y), join(d, w)])
        .map((x) => body.keep(x));

      let losses = f32x4.add(f32x4.sub(largest, logit), log1p(body, rest));
      if (weight) losses = f32x4.mul(losses, weight);
      const pair = body.keep(addLanes(f64x2.splatConst(0), body.keep(v128.and(losses, rowMask))));
      total.set(f64.add(total.get, sumOfLanes(pair)));
      const deltas = powers.map((p, k) =>
        body.keep(v128.and(v128.bitselect(towards, f32x4.mul(p, factor), isTarget[k]), rowMask)),
      );
      return tileOfColumns(body, deltas);
    },
    sum: total.get,
  };
}

function join(low: Code, high: Code): Code {
  return v128.shuffle(low, high, [0, 1, 4, 5]);
}

/** Outputs 0, 4, 8 … with 2, 6, 10 …, then 1, 5 … with 3, 7 …, as vectors along a row add up. */
function sumInKernelsOrder(terms: readonly Code[]): Code {
  const lane = (first: number): Code[] => {
    const sums: Code[] = [];
    for (let k = first; k < terms.length; k += LANES) {
      sums.push(k + 2 < terms.length ? f64x2.add(terms[k], terms[k + 2]) : terms[k]);
    }
    return sums;
  };
  const [even, odd] = [lane(0), lane(1)].map((sums) => sums.reduce((a, b) => f64x2.add(a, b)));
  return f64x2.add(even, odd);
}

/** The class weights of four targets. */
function weightsAt(body: FunctionBody, target: Code, table: number): Code {
  const addresses = [0, 1, 2, 3].map((row) => {
    const index = i32x4.extractLane(target, row);
    return body.keep(i32.shl(index, i32.const(2)), "i32");
  });
  return gather(addresses, table);
}
