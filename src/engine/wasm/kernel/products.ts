/**
 * The three products of a layer, where nearly all time of a step goes: tiles of 4 × 8 sums that stay in registers.
 * Each sum is added up in the order of its index, whoever computes it and however the rows are cut.
 */
import { Layer, weightPanelBytes } from "./memory";
import { gradientTile, productTile } from "./tiles";

/** Whether no more than the first four columns of the layer's panel p are used: then half the work is enough. */
@inline
export function isHalf(layer: Layer, p: i32): bool {
  return layer.units - p * 8 <= 4;
}

/** Rows [row, row + rows) of panel p of the outputs, `row` a multiple of 4: z ← b + x·wᵀ. */
export function forwardPanel(layer: Layer, p: i32, row: i32, rows: i32, stride: usize): void {
  const weight = layer.weight + <usize>p * weightPanelBytes(layer);
  const bias = weight + (<usize>layer.inputs << 5);
  let out = layer.output + <usize>p * stride + (<usize>row << 5);
  let x = layer.input + (<usize>row << 5);
  const start0 = v128.load(bias);
  const start1 = v128.load(bias, 16);
  if (isHalf(layer, p)) {
    for (let i = 0; i < rows; i += 4, x += 128, out += 128) {
      productTile(x, stride, weight, layer.inputs, start0, start1, out, false, true);
    }
  } else {
    for (let i = 0; i < rows; i += 4, x += 128, out += 128) {
      productTile(x, stride, weight, layer.inputs, start0, start1, out, false, false);
    }
  }
}

/** The same rows of panel p of the layer before: its slope becomes dL/dz = f′(z) · (delta·w). */
export function backwardPanel(layer: Layer, before: Layer, p: i32, row: i32, rows: i32, stride: usize): void {
  const weight = layer.transposed + <usize>p * (<usize>layer.panels << 8);
  let out = before.slope + <usize>p * stride + (<usize>row << 5);
  let delta = layer.slope + (<usize>row << 5);
  const zero = f32x4.splat(0);
  if (isHalf(before, p)) {
    for (let i = 0; i < rows; i += 4, delta += 128, out += 128) {
      productTile(delta, stride, weight, layer.units, zero, zero, out, true, true);
    }
  } else {
    for (let i = 0; i < rows; i += 4, delta += 128, out += 128) {
      productTile(delta, stride, weight, layer.units, zero, zero, out, true, false);
    }
  }
}

/**
 * `inputs` × 8 units of a gradient, four inputs at a time: the sums over the rows of x·delta. With `half`, the last four units' are zero.
 *
 * @param x panels of 8 inputs, `stride` bytes apart
 */
export function gradientTiles(x: usize, stride: usize, delta: usize, rows: i32, inputs: i32, out: usize, half: bool): void {
  if (half) tilesOf(x, stride, delta, rows, inputs, out, true);
  else tilesOf(x, stride, delta, rows, inputs, out, false);
}

@inline
function tilesOf(x: usize, stride: usize, delta: usize, rows: i32, inputs: i32, out: usize, half: bool): void {
  let jump: usize = 16;
  for (let k = 0; k < inputs; k += 4) {
    gradientTile(x, delta, rows, out, half);
    x += jump;
    jump = stride - jump;
    out += 128;
  }
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
