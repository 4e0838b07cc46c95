/**
 * The three products of a layer, where nearly all time of a step goes: tiles of 4 × 8 sums that stay in registers.
 *
 * Their inner loops make one step of the sum and are not unrolled further: V8 would load ahead for all of them, run out of
 * registers and spill. Each sum is added up in the order of its index, whoever computes it and however the rows are cut.
 */
import { Layer, weightPanelBytes } from "./memory";

/** Whether no more than the first four columns of the layer's panel p are used: then half the work is enough. */
@inline
export function isHalf(layer: Layer, p: i32): bool {
  return layer.units - p * 8 <= 4;
}

/** Panel p of the outputs: z ← b + x·wᵀ. */
export function forwardPanel(layer: Layer, p: i32, rows: i32, stride: usize): void {
  const weight = layer.weight + <usize>p * weightPanelBytes(layer);
  const bias = weight + (<usize>layer.inputs << 5);
  let out = layer.output + <usize>p * stride;
  let x = layer.input;
  const start0 = v128.load(bias);
  const start1 = v128.load(bias, 16);
  if (isHalf(layer, p)) {
    for (let row = 0; row < rows; row += 4, x += 128, out += 128) {
      productTile(x, stride, weight, layer.inputs, start0, start1, out, false, true);
    }
  } else {
    for (let row = 0; row < rows; row += 4, x += 128, out += 128) {
      productTile(x, stride, weight, layer.inputs, start0, start1, out, false, false);
    }
  }
}

/** Panel p of the layer before: its slope becomes dL/dz = f′(z) · (delta·w). */
export function backwardPanel(layer: Layer, before: Layer, p: i32, rows: i32, stride: usize): void {
  const weight = layer.transposed + <usize>p * (<usize>layer.panels << 8);
  let out = before.slope + <usize>p * stride;
  let delta = layer.slope;
  const zero = f32x4.splat(0);
  if (isHalf(before, p)) {
    for (let row = 0; row < rows; row += 4, delta += 128, out += 128) {
      productTile(delta, stride, weight, layer.units, zero, zero, out, true, true);
    }
  } else {
    for (let row = 0; row < rows; row += 4, delta += 128, out += 128) {
      productTile(delta, stride, weight, layer.units, zero, zero, out, true, false);
    }
  }
}

/**
 * 4 rows × 8 columns of start + x·w, written to `out` or, where `onto` is set, multiplied onto what is there.
 *
 * @param x 4 rows in panels `stride` bytes apart
 * @param w one panel, `terms` rows
 * @param half leaves the last four columns alone
 */
@inline
function productTile(
  x: usize,
  stride: usize,
  w: usize,
  terms: i32,
  start0: v128,
  start1: v128,
  out: usize,
  onto: bool,
  half: bool,
): void {
  let s00 = start0, s01 = start1, s10 = start0, s11 = start1;
  let s20 = start0, s21 = start1, s30 = start0, s31 = start1;
  while (true) {
    const end = w + (<usize>min(terms, 8) << 5);
    do {
      const w0 = v128.load(w);
      const w1 = half ? w0 : v128.load(w, 16);
      let v = v128.load32_splat(x);
      s00 = f32x4.add(s00, f32x4.mul(v, w0));
      if (!half) s01 = f32x4.add(s01, f32x4.mul(v, w1));
      v = v128.load32_splat(x, 32);
      s10 = f32x4.add(s10, f32x4.mul(v, w0));
      if (!half) s11 = f32x4.add(s11, f32x4.mul(v, w1));
      v = v128.load32_splat(x, 64);
      s20 = f32x4.add(s20, f32x4.mul(v, w0));
      if (!half) s21 = f32x4.add(s21, f32x4.mul(v, w1));
      v = v128.load32_splat(x, 96);
      s30 = f32x4.add(s30, f32x4.mul(v, w0));
      if (!half) s31 = f32x4.add(s31, f32x4.mul(v, w1));
      x += 4;
      w += 32;
    } while (w != end);
    terms -= 8;
    if (terms <= 0) break;
    x += stride - 32;
  }
  if (onto) {
    s00 = f32x4.mul(s00, v128.load(out));
    if (!half) s01 = f32x4.mul(s01, v128.load(out, 16));
    s10 = f32x4.mul(s10, v128.load(out, 32));
    if (!half) s11 = f32x4.mul(s11, v128.load(out, 48));
    s20 = f32x4.mul(s20, v128.load(out, 64));
    if (!half) s21 = f32x4.mul(s21, v128.load(out, 80));
    s30 = f32x4.mul(s30, v128.load(out, 96));
    if (!half) s31 = f32x4.mul(s31, v128.load(out, 112));
  }
  v128.store(out, s00);
  if (!half) v128.store(out, s01, 16);
  v128.store(out, s10, 32);
  if (!half) v128.store(out, s11, 48);
  v128.store(out, s20, 64);
  if (!half) v128.store(out, s21, 80);
  v128.store(out, s30, 96);
  if (!half) v128.store(out, s31, 112);
}

/** 4 inputs × 8 units of the gradient: the sum over the rows of x·delta. With `half`, the last four units' are zero. */
export function gradientTile(x: usize, delta: usize, rows: i32, out: usize, half: bool): void {
  if (half) sumTile(x, delta, rows, out, true);
  else sumTile(x, delta, rows, out, false);
}

@inline
function sumTile(x: usize, delta: usize, rows: i32, out: usize, half: bool): void {
  const zero = f32x4.splat(0);
  let s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero, s30 = zero, s31 = zero;
  const end = delta + (<usize>rows << 5);
  do {
    const d0 = v128.load(delta);
    const d1 = half ? d0 : v128.load(delta, 16);
    let v = v128.load32_splat(x);
    s00 = f32x4.add(s00, f32x4.mul(v, d0));
    if (!half) s01 = f32x4.add(s01, f32x4.mul(v, d1));
    v = v128.load32_splat(x, 4);
    s10 = f32x4.add(s10, f32x4.mul(v, d0));
    if (!half) s11 = f32x4.add(s11, f32x4.mul(v, d1));
    v = v128.load32_splat(x, 8);
    s20 = f32x4.add(s20, f32x4.mul(v, d0));
    if (!half) s21 = f32x4.add(s21, f32x4.mul(v, d1));
    v = v128.load32_splat(x, 12);
    s30 = f32x4.add(s30, f32x4.mul(v, d0));
    if (!half) s31 = f32x4.add(s31, f32x4.mul(v, d1));
    x += 32;
    delta += 32;
  } while (delta != end);
  v128.store(out, s00);
  v128.store(out, s01, 16);
  v128.store(out, s10, 32);
  v128.store(out, s11, 48);
  v128.store(out, s20, 64);
  v128.store(out, s21, 80);
  v128.store(out, s30, 96);
  v128.store(out, s31, 112);
}

/** 8 entries of the bias's gradient: the sum over the rows of delta. With `half`, the last four are zero. */
export function biasTile(delta: usize, rows: i32, out: usize, half: bool): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  const end = delta + (<usize>rows << 5);
  do {
    s0 = f32x4.add(s0, v128.load(delta));
    s1 = f32x4.add(s1, v128.load(delta, 16));
    delta += 32;
  } while (delta != end);
  v128.store(out, s0);
  v128.store(out, half ? f32x4.splat(0) : s1, 16);
}
