/**
 * The gradient of one weight panel, in strips that stay in the nearest cache: computed, measured and, in the fused path, used by the
 * optimiser before the next strip, so that no gradient of the whole network is ever written or read.
 */
import { Layer, Run, weightPanelBytes } from "./memory";
import { update } from "./optimizers";
import { addLanes } from "./losses";
import { biasTile, gradientTiles, isHalf } from "./products";

/** Inputs of a strip: 64 rows of 8 numbers are 2 KB. */
const STRIP_INPUTS: i32 = 64;
/** Room for a strip, what the last tile computes too much, and the bias; so that two threads' strips share no line. */
const STRIP_BYTES: usize = 2368;

/** What becomes of a strip. */
export const UPDATE = 0;
export const STORE = 1;
export const ADD = 2;

/** Panel p of the layer's gradient, over `rows` rows, computed by one of the threads. */
export function gradientPanel(run: Run, layer: Layer, p: i32, rows: i32, mode: i32, thread: i32): void {
  const stride = run.stride;
  const strip = run.strips + <usize>thread * STRIP_BYTES;
  const half = isHalf(layer, p);
  const delta = layer.slope + <usize>p * stride;
  let weight = layer.weight + <usize>p * weightPanelBytes(layer);
  let squares: f64 = 0;
  for (let first = 0; first < layer.inputs; first += STRIP_INPUTS) {
    const inputs = min(STRIP_INPUTS, layer.inputs - first);
    const x = layer.input + <usize>(first >> 3) * stride;
    gradientTiles(x, stride, delta, rows, inputs, strip, half);
    if (first + inputs == layer.inputs) biasTile(delta, rows, strip + (<usize>inputs << 5), half);
    const bytes = stripBytes(layer, first);
    if (mode == UPDATE) {
      squares += sumOfSquares(strip, bytes);
      update(run, strip, weight, bytes);
      if (layer.transposed != 0) transpose(layer, p, first, inputs);
    } else {
      const gradient = weight + run.gradientOffset;
      if (mode == STORE) memory.copy(gradient, strip, bytes);
      else add(gradient, strip, bytes);
    }
    weight += bytes;
  }
  store<f64>(run.squares + (<usize>(layer.firstSquare + p) << 3), squares);
}

/** The second pass of a step that is not fused: panel p's sum of squares, strip by strip as the fused path takes it. */
export function measurePanel(run: Run, layer: Layer, p: i32): void {
  let gradient = layer.weight + <usize>p * weightPanelBytes(layer) + run.gradientOffset;
  let squares: f64 = 0;
  for (let first = 0; first < layer.inputs; first += STRIP_INPUTS) {
    const bytes = stripBytes(layer, first);
    squares += sumOfSquares(gradient, bytes);
    gradient += bytes;
  }
  store<f64>(run.squares + (<usize>(layer.firstSquare + p) << 3), squares);
}

/** The third: panel p's parameters make their step. */
export function updatePanel(run: Run, layer: Layer, p: i32): void {
  const weight = layer.weight + <usize>p * weightPanelBytes(layer);
  update(run, weight + run.gradientOffset, weight, weightPanelBytes(layer));
  if (layer.transposed == 0) return;
  for (let first = 0; first < layer.inputs; first += STRIP_INPUTS) {
    transpose(layer, p, first, min(STRIP_INPUTS, layer.inputs - first));
  }
}

/** The sum of squares in float64, for a norm that overflows float32 or is not finite at all. */
export function exactSumOfSquares(from: usize, bytes: usize): f64 {
  let sum: f64 = 0;
  for (const end = from + bytes; from < end; from += 4) {
    const g = <f64>load<f32>(from);
    sum += g * g;
  }
  return sum;
}

function stripBytes(layer: Layer, first: i32): usize {
  const inputs = min(STRIP_INPUTS, layer.inputs - first);
  return <usize>(first + inputs == layer.inputs ? inputs + 1 : inputs) << 5;
}

/** Float32 within a strip, in eight chains that do not wait for each other; float64 from strip to strip. */
function sumOfSquares(from: usize, bytes: usize): f64 {
  const end = from + bytes;
  const zero = f32x4.splat(0);
  let s0 = zero, s1 = zero, s2 = zero, s3 = zero, s4 = zero, s5 = zero, s6 = zero, s7 = zero;
  for (const fours = from + (bytes & ~127); from < fours; from += 128) {
    s0 = addSquare(s0, v128.load(from));
    s1 = addSquare(s1, v128.load(from, 16));
    s2 = addSquare(s2, v128.load(from, 32));
    s3 = addSquare(s3, v128.load(from, 48));
    s4 = addSquare(s4, v128.load(from, 64));
    s5 = addSquare(s5, v128.load(from, 80));
    s6 = addSquare(s6, v128.load(from, 96));
    s7 = addSquare(s7, v128.load(from, 112));
  }
  for (; from < end; from += 32) {
    s0 = addSquare(s0, v128.load(from));
    s1 = addSquare(s1, v128.load(from, 16));
  }
  const low = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  const high = f32x4.add(f32x4.add(s4, s5), f32x4.add(s6, s7));
  const sums = addLanes(addLanes(f64x2.splat(0), low), high);
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

@inline
function addSquare(sum: v128, x: v128): v128 {
  return f32x4.add(sum, f32x4.mul(x, x));
}

function add(to: usize, from: usize, bytes: usize): void {
  for (const end = from + bytes; from < end; from += 16, to += 16) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
  }
}

/** Copies inputs [first, first + inputs) of weight panel p into the transposed panels, four by four numbers at a time. */
function transpose(layer: Layer, p: i32, first: i32, inputs: i32): void {
  const panelBytes = <usize>layer.panels << 8;
  let from = layer.weight + <usize>p * weightPanelBytes(layer) + (<usize>first << 5);
  let k = first;
  for (const end = first + (inputs & ~3); k < end; k += 4, from += 128) {
    const to = layer.transposed + <usize>(k >> 3) * panelBytes + (<usize>p << 8) + (<usize>(k & 4) << 2);
    transposeFour(from, to);
    transposeFour(from + 16, to + 128);
  }
  for (; k < first + inputs; k++, from += 32) {
    const to = layer.transposed + <usize>(k >> 3) * panelBytes + (<usize>p << 8) + (<usize>(k & 7) << 2);
    for (let unit: usize = 0; unit < 8; unit++) store<f32>(to + (unit << 5), load<f32>(from + (unit << 2)));
  }
}

@inline
function transposeFour(from: usize, to: usize): void {
  const a = v128.load(from);
  const b = v128.load(from, 32);
  const c = v128.load(from, 64);
  const d = v128.load(from, 96);
  const ab0 = i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const ab1 = i8x16.shuffle(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  const cd0 = i8x16.shuffle(c, d, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const cd1 = i8x16.shuffle(c, d, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  v128.store(to, i8x16.shuffle(ab0, cd0, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
  v128.store(to, i8x16.shuffle(ab0, cd0, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31), 32);
  v128.store(to, i8x16.shuffle(ab1, cd1, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23), 64);
  v128.store(to, i8x16.shuffle(ab1, cd1, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31), 96);
}

/** Copies a whole layer's weight into its transposed panels. */
export function transposeLayer(layer: Layer): void {
  if (layer.transposed == 0) return;
  for (let p = 0; p < layer.panels; p++) transpose(layer, p, 0, layer.inputs);
}
