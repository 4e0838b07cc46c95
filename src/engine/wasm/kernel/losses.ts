/**
 * Losses: the sums over the rows of a block, and the derivative by each output, times `scale`. The definitions are those of
 * `../../losses.ts`; the forms here lose no digits in float32 where a sample is already fitted well.
 */
import { exp, log1p } from "./elementary";
import { Layer, Run } from "./memory";

const MSE = 0;
const MAE = 1;
const BINARY_CROSS_ENTROPY = 2;

/**
 * Rows [row, row + rows) of a block, `row` a multiple of 4. Leaves the derivative in the output layer's slope, where what pads its last
 * panel becomes zero, and the losses in `run.groupLosses`, summed over four rows each.
 */
export function lossAndDelta(run: Run, layer: Layer, row: i32, rows: i32, scale: f64): void {
  if (run.loss > BINARY_CROSS_ENTROPY) categorical(run, layer, row, row + rows, scale);
  else if (layer.units == 1) ofOneColumn(run, layer, row, row + rows, scale);
  else ofColumns(run, layer, row, row + rows, scale);
}

/** The sum over a block's rows of the losses, in their order, whoever computed them. */
export function sumOfLosses(run: Run, layer: Layer, rows: i32): f64 {
  let sum: f64 = 0;
  for (let group = 0; group << 2 < rows; group++) sum += load<f64>(run.groupLosses + (<usize>group << 3));
  return run.loss > BINARY_CROSS_ENTROPY ? sum : sum / layer.units;
}

@inline
function storeGroup(run: Run, row: i32, sums: v128): void {
  store<f64>(run.groupLosses + (<usize>row << 1), f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1));
}

/** One output: four rows at once. */
function ofOneColumn(run: Run, layer: Layer, row: i32, end: i32, scale: f64): void {
  const bytes = (<usize>run.capacity + 4) << 2;
  const perOutput = f32x4.splat(<f32>scale);
  const weight0 = v128.load32_splat(run.classWeights);
  const weight1 = v128.load32_splat(run.classWeights, 4);
  for (; row < end; row += 4) {
    const z = run.rowScratch + (<usize>row << 2);
    const y = z + bytes;
    const delta = y + bytes;
    const out = layer.output + (<usize>row << 5);
    const targets = run.blockTargets + (<usize>row << 5);
    const count: usize = min(4, end - row);
    // Rows that only fill up the last vector cost nothing: an error of 0, or a certain and right answer.
    v128.store(z, f32x4.splat(run.loss == BINARY_CROSS_ENTROPY ? -1e30 : 0));
    v128.store(y, f32x4.splat(0));
    for (let i: usize = 0; i < count; i++) {
      store<f32>(z + (i << 2), load<f32>(out + (i << 5)));
      store<f32>(y + (i << 2), load<f32>(targets + (i << 5)));
    }
    const losses = fourLosses(run.loss, z, y, delta, usedLanes(4), perOutput, weight0, weight1);
    storeGroup(run, row, addLanes(f64x2.splat(0), losses));
    const slope = layer.slope + (<usize>row << 5);
    for (let i: usize = 0; i < count; i++) store<f32>(slope + (i << 5), load<f32>(delta + (i << 2)));
  }
}

/** Several outputs: row by row, four of them at once. */
function ofColumns(run: Run, layer: Layer, row: i32, end: i32, scale: f64): void {
  const perOutput = f32x4.splat(<f32>(scale / layer.units));
  const weight0 = v128.load32_splat(run.classWeights);
  const weight1 = v128.load32_splat(run.classWeights, 4);
  for (; row < end; row += 4) {
    const bytes = <usize>min(4, end - row) << 5;
    let sums = f64x2.splat(0);
    for (let column = 0; column < layer.units; column += 4) {
      const first = vectorOffset(column >> 2, run.stride) + (<usize>row << 5);
      const used = usedLanes(layer.units - column);
      for (let at = first; at < first + bytes; at += 32) {
        sums = addLanes(
          sums,
          fourLosses(run.loss, layer.output + at, run.blockTargets + at, layer.slope + at, used, perOutput, weight0, weight1),
        );
      }
    }
    storeGroup(run, row, sums);
  }
}

/** The losses of four outputs or rows, whose derivatives go to `delta`; lanes that are not used are zero. */
function fourLosses(
  loss: i32,
  z: usize,
  y: usize,
  delta: usize,
  used: v128,
  perOutput: v128,
  weight0: v128,
  weight1: v128,
): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  if (loss == MSE) {
    const error = f32x4.sub(v128.load(z), v128.load(y));
    v128.store(delta, f32x4.mul(error, f32x4.add(perOutput, perOutput)));
    return f32x4.mul(error, error);
  }
  if (loss == MAE) {
    const error = f32x4.sub(v128.load(z), v128.load(y));
    const above = v128.and(perOutput, f32x4.gt(error, zero));
    v128.store(delta, v128.or(above, v128.and(f32x4.neg(perOutput), f32x4.lt(error, zero))));
    return f32x4.abs(error);
  }
  const x = v128.load(z);
  const t = v128.load(y);
  const e = exp(f32x4.neg(f32x4.abs(x)));
  const linear = f32x4.sub(f32x4.pmax(x, zero), f32x4.mul(x, t));
  const weight = v128.bitselect(weight1, weight0, f32x4.gt(t, f32x4.splat(0.5)));
  // σ(x) − y = (1 − y) σ(x) − y σ(−x): without the difference of two numbers near 1.
  const larger = f32x4.div(one, f32x4.add(one, e));
  const smaller = f32x4.mul(e, larger);
  const negative = f32x4.lt(x, zero);
  const p = v128.bitselect(smaller, larger, negative);
  const q = v128.bitselect(larger, smaller, negative);
  const error = f32x4.sub(f32x4.mul(f32x4.sub(one, t), p), f32x4.mul(t, q));
  v128.store(delta, v128.and(f32x4.mul(f32x4.mul(error, perOutput), weight), used));
  return v128.and(f32x4.mul(weight, f32x4.add(linear, log1p(e))), used);
}

/**
 * Softmax and categorical cross-entropy. Row by row, e^(z − max) and its float64 sum S; then the loss
 * max − z_y + log1p(S − 1), four rows at once; S − 1 loses nothing, as the largest term is exactly 1.
 */
function categorical(run: Run, layer: Layer, first: i32, end: i32, scale: f64): void {
  const stride = run.stride;
  const vectors = (layer.units + 3) >> 2;
  const lastUsed = usedLanes(layer.units - ((vectors - 1) << 2));
  const gaps = run.rowScratch;
  const rests = gaps + (<usize>run.capacity << 2);
  const weights = rests + (<usize>run.capacity << 2);
  for (let row = first; row < end; row++) {
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

  for (let row = first; row < end; row += 4) {
    let losses = f32x4.add(v128.load(gaps + (<usize>row << 2)), log1p(v128.load(rests + (<usize>row << 2))));
    losses = f32x4.mul(losses, v128.load(weights + (<usize>row << 2)));
    if (end - row < 4) losses = v128.and(losses, usedLanes(end - row));
    storeGroup(run, row, addLanes(f64x2.splat(0), losses));
  }
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
