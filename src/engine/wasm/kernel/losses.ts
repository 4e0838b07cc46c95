/**
 * Losses: the sum over the rows of a block, and the derivative by each output, times `scale`. The definitions are those of
 * `../../losses.ts`; the forms here lose no digits in float32 where a sample is already fitted well.
 */
import { exp, log1p } from "./elementary";
import { Layer, Run } from "./memory";

const MSE = 0;
const MAE = 1;
const BINARY_CROSS_ENTROPY = 2;

/** Leaves the derivative in the output layer's slope; what pads its last panel becomes zero. */
export function lossAndDelta(run: Run, layer: Layer, rows: i32, scale: f64): f64 {
  if (run.loss > BINARY_CROSS_ENTROPY) return categorical(run, layer, rows, scale);
  const perOutput = f32x4.splat(<f32>(scale / layer.units));
  const weight0 = v128.load32_splat(run.classWeights);
  const weight1 = v128.load32_splat(run.classWeights, 4);
  if (layer.units == 1) return ofOneColumn(run, layer, rows, perOutput, weight0, weight1);
  let sum: f64 = 0;
  for (let p = 0; p < layer.panels; p++) {
    for (let half = 0; half < 2; half++) {
      const columns = layer.units - p * 8 - half * 4;
      if (columns <= 0) break;
      const offset = <usize>p * run.stride + (<usize>half << 4);
      sum += ofColumns(run.loss, layer.output + offset, run.blockTargets + offset, layer.slope + offset, rows, 32, usedLanes(columns), perOutput, weight0, weight1);
    }
  }
  return sum / layer.units;
}

/** One output: four rows at once, from where the rows' numbers lie side by side. */
function ofOneColumn(run: Run, layer: Layer, rows: i32, perOutput: v128, weight0: v128, weight1: v128): f64 {
  const bytes = (<usize>run.capacity + 4) << 2;
  const z = run.rowScratch;
  const y = z + bytes;
  const delta = y + bytes;
  const vectors = (rows + 3) >> 2;
  for (let row: usize = 0; row < <usize>rows; row++) {
    store<f32>(z + (row << 2), load<f32>(layer.output + (row << 5)));
    store<f32>(y + (row << 2), load<f32>(run.blockTargets + (row << 5)));
  }
  // Rows that only fill up the last vector cost nothing: an error of 0, or a certain and right answer.
  for (let row = rows; row < vectors << 2; row++) {
    store<f32>(z + (<usize>row << 2), run.loss == BINARY_CROSS_ENTROPY ? -1e30 : 0);
    store<f32>(y + (<usize>row << 2), 0);
  }
  const sum = ofColumns(run.loss, z, y, delta, vectors, 16, usedLanes(4), perOutput, weight0, weight1);
  for (let row: usize = 0; row < <usize>rows; row++) {
    store<f32>(layer.slope + (row << 5), load<f32>(delta + (row << 2)));
  }
  return sum;
}

/** The `used` lanes of `count` vectors, `step` bytes apart. */
function ofColumns(
  loss: i32,
  z: usize,
  y: usize,
  delta: usize,
  count: i32,
  step: usize,
  used: v128,
  perOutput: v128,
  weight0: v128,
  weight1: v128,
): f64 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  let sum = f64x2.splat(0);
  const end = z + <usize>count * step;
  if (loss == MSE) {
    const factor = f32x4.add(perOutput, perOutput);
    for (; z < end; z += step, y += step, delta += step) {
      const error = f32x4.sub(v128.load(z), v128.load(y));
      sum = addLanes(sum, f32x4.mul(error, error));
      v128.store(delta, f32x4.mul(error, factor));
    }
  } else if (loss == MAE) {
    const minus = f32x4.neg(perOutput);
    for (; z < end; z += step, y += step, delta += step) {
      const error = f32x4.sub(v128.load(z), v128.load(y));
      sum = addLanes(sum, f32x4.abs(error));
      const above = v128.and(perOutput, f32x4.gt(error, zero));
      v128.store(delta, v128.or(above, v128.and(minus, f32x4.lt(error, zero))));
    }
  } else {
    for (; z < end; z += step, y += step, delta += step) {
      const x = v128.load(z);
      const t = v128.load(y);
      const e = exp(f32x4.neg(f32x4.abs(x)));
      const linear = f32x4.sub(f32x4.pmax(x, zero), f32x4.mul(x, t));
      const weight = v128.bitselect(weight1, weight0, f32x4.gt(t, f32x4.splat(0.5)));
      sum = addLanes(sum, v128.and(f32x4.mul(weight, f32x4.add(linear, log1p(e))), used));
      // σ(x) − y = (1 − y) σ(x) − y σ(−x): without the difference of two numbers near 1.
      const larger = f32x4.div(one, f32x4.add(one, e));
      const smaller = f32x4.mul(e, larger);
      const negative = f32x4.lt(x, zero);
      const p = v128.bitselect(smaller, larger, negative);
      const q = v128.bitselect(larger, smaller, negative);
      const error = f32x4.sub(f32x4.mul(f32x4.sub(one, t), p), f32x4.mul(t, q));
      v128.store(delta, v128.and(f32x4.mul(f32x4.mul(error, perOutput), weight), used));
    }
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/**
 * Softmax and categorical cross-entropy. Row by row, e^(z − max) and its float64 sum S; then the loss
 * max − z_y + log1p(S − 1), four rows at once; S − 1 loses nothing, as the largest term is exactly 1.
 */
function categorical(run: Run, layer: Layer, rows: i32, scale: f64): f64 {
  const stride = run.stride;
  const vectors = (layer.units + 3) >> 2;
  const lastUsed = usedLanes(layer.units - ((vectors - 1) << 2));
  const gaps = run.rowScratch;
  const rests = gaps + (<usize>run.capacity << 2);
  const weights = rests + (<usize>run.capacity << 2);
  for (let row = 0; row < rows; row++) {
    const z = layer.output + (<usize>row << 5);
    const delta = layer.slope + (<usize>row << 5);

    let largest = f32x4.splat(-Infinity);
    for (let v = 0; v < vectors; v++) {
      let x = v128.load(z + vectorOffset(v, stride));
      if (v == vectors - 1) x = v128.bitselect(x, f32x4.splat(-Infinity), lastUsed);
      largest = f32x4.pmax(largest, x);
    }
    largest = f32x4.pmax(largest, i8x16.shuffle(largest, largest, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    largest = f32x4.pmax(largest, i8x16.shuffle(largest, largest, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));

    let sums = f64x2.splat(0);
    for (let v = 0; v < vectors; v++) {
      const offset = vectorOffset(v, stride);
      let e = exp(f32x4.sub(v128.load(z + offset), largest));
      if (v == vectors - 1) e = v128.and(e, lastUsed);
      v128.store(delta + offset, e);
      sums = addLanes(sums, e);
    }
    const sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);

    const target = load<i32>(run.blockTargets + (<usize>row << 2));
    if (<u32>target >= <u32>layer.units) {
      // No such class: the loss says so, and nothing is written where it does not belong.
      store<f32>(gaps + (<usize>row << 2), NaN);
      continue;
    }
    const offset = <usize>(target >> 3) * stride + (<usize>(target & 7) << 2);
    store<f32>(gaps + (<usize>row << 2), f32x4.extract_lane(largest, 0) - load<f32>(z + offset));
    store<f32>(rests + (<usize>row << 2), <f32>(sum - 1));
    const weight = classWeight(run, target);
    store<f32>(weights + (<usize>row << 2), weight);
    const factor = scale * <f64>weight / sum;
    // softmax_y − 1 is minus the other probabilities, which is exact also where softmax_y rounds to 1.
    const towards = -<f32>((sum - <f64>load<f32>(delta + offset)) * factor);
    const factors = f32x4.splat(<f32>factor);
    for (let v = 0; v < vectors; v++) {
      const at = delta + vectorOffset(v, stride);
      v128.store(at, f32x4.mul(v128.load(at), factors));
    }
    store<f32>(delta + offset, towards);
  }

  let total: f64 = 0;
  for (let row = 0; row < rows; row += 4) {
    let losses = f32x4.add(v128.load(gaps + (<usize>row << 2)), log1p(v128.load(rests + (<usize>row << 2))));
    losses = f32x4.mul(losses, v128.load(weights + (<usize>row << 2)));
    if (rows - row < 4) losses = v128.and(losses, usedLanes(rows - row));
    const pair = addLanes(f64x2.splat(0), losses);
    total += f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
  }
  return total;
}

/** How much a sample of a class counts. */
@inline
export function classWeight(run: Run, target: i32): f32 {
  return load<f32>(run.classWeights + (<usize>target << 2));
}

/** Where the v-th four outputs of a row lie: two vectors a panel. */
@inline
function vectorOffset(v: i32, stride: usize): usize {
  return <usize>(v >> 1) * stride + (<usize>(v & 1) << 4);
}

/** All bits set in the first `count` lanes. */
@inline
function usedLanes(count: i32): v128 {
  return i32x4.gt_s(i32x4.splat(count), i32x4(0, 1, 2, 3));
}

/** Adds four float32 to two float64, lanes 0 + 2 and 1 + 3. */
@inline
export function addLanes(sum: v128, x: v128): v128 {
  const upper = i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
  return f64x2.add(sum, f64x2.add(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(upper)));
}
