/** Rows on their way through the network: out of the samples into panels, through a layer, and back. */
import { activate, applyMask } from "./activations";
import { Layer, layerAt, Run } from "./memory";
import { backwardPanel, forwardPanel, isHalf } from "./products";

const CATEGORICAL = 3;

/** Copies rows [row, row + rows) of a block, which are entries `from` + row … of the order, into panels. */
export function gather(run: Run, from: i32, row: i32, rows: i32): void {
  const layer = layerAt(run, 0);
  const inputs = layer.inputs;
  for (const end = row + rows; row < end; row++) {
    const index = <usize>load<u32>(run.order + (<usize>(from + row) << 2));
    const source = run.inputs + ((index * <usize>inputs) << 2);
    copyRow(source, inputs, layer.input + (<usize>row << 5), run.stride);
    gatherTarget(run, from, row);
  }
}

@inline
export function copyRow(source: usize, columns: i32, target: usize, stride: usize): void {
  let k = 0;
  for (; k + 8 <= columns; k += 8) {
    v128.store(target, v128.load(source));
    v128.store(target, v128.load(source, 16), 16);
    source += 32;
    target += stride;
  }
  for (; k < columns; k++) {
    store<f32>(target, load<f32>(source));
    source += 4;
    target += 4;
  }
}

@inline
export function gatherTarget(run: Run, from: i32, row: i32): void {
  const index = <usize>load<u32>(run.order + (<usize>(from + row) << 2));
  const source = run.targets + ((index * <usize>run.targetWidth) << 2);
  if (run.loss == CATEGORICAL) store<i32>(run.blockTargets + (<usize>row << 2), <i32>load<f32>(source));
  else copyRow(source, run.targetWidth, run.blockTargets + (<usize>row << 5), run.stride);
}

/** Rows [row, row + rows) of one panel of a layer's outputs. */
export function forwardRows(run: Run, l: i32, p: i32, row: i32, rows: i32, dropout: bool): void {
  const layer = layerAt(run, l);
  forwardPanel(layer, p, row, rows, run.stride);
  activateRows(run, l, p, row, rows, dropout);
}

/** Makes z the layer's output. That of the last one stays as it is, and its slope is the loss's. */
export function activateRows(run: Run, l: i32, p: i32, row: i32, rows: i32, dropout: bool): void {
  if (l == run.layerCount - 1) return;
  const layer = layerAt(run, l);
  const offset = <usize>p * run.stride + (<usize>row << 5);
  const output = layer.output + offset;
  const end = output + (<usize>rows << 5);
  activate(layer.activation, output, layer.slope + offset, end, isHalf(layer, p) ? 32 : 16);
  if (dropout && layer.mask != 0) applyMask(layer.mask + offset, output, layer.slope + offset, end);
}

/** Rows [row, row + rows) of one panel of dL/dz of the layer before layer l. */
export function backwardRows(run: Run, l: i32, p: i32, row: i32, rows: i32): void {
  backwardPanel(layerAt(run, l), layerAt(run, l - 1), p, row, rows, run.stride);
}
