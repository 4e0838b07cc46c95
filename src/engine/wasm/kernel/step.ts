/**
 * One step, cut into shares that several threads can take: gather a batch into panels, go forward, measure the loss, go back,
 * and let the optimiser use each panel of the gradient.
 *
 * The rows of a batch go through a small network independently, so that a thread takes some of them all the way there and back.
 * The weights of a large one are read from far away, and each panel of them should serve all rows at once: there a thread takes
 * panels, layer by layer. Either way every sum is added up in the same order.
 */
import { canShare, interrupted, share } from "./crew";
import { drawMasks } from "./dropout";
import { gradientPanel, measurePanel, STORE, UPDATE, updatePanel, ADD } from "./gradient";
import { lossAndDelta, sumOfLosses } from "./losses";
import { Layer, layerAt, Run } from "./memory";
import { activateRows, backwardRows, copyRow, forwardRows, gather, gatherTarget } from "./rows";

/** How far a block goes. */
export const EVALUATE = -1;
export { ADD, STORE, UPDATE };


const THROUGH = 0;
const GATHER = 1;
const FORWARD = 2;
const LOSS = 3;
const BACKWARD = 4;
const GRADIENT = 5;
const MEASURE = 6;
const UPDATE_ALL = 7;

/** The multiplications of a row in one layer. */
@inline
function rowWork(layer: Layer): i64 {
  return <i64>layer.inputs * <i64>layer.units;
}

function networkWork(run: Run): i64 {
  let work: i64 = 0;
  for (let l = 0; l < run.layerCount; l++) work += rowWork(layerAt(run, l));
  return work;
}

/**
 * Forward over entries [from, from + rows) of the order, and back unless `mode` is EVALUATE. UPDATE: the optimiser uses the gradient
 * at once; STORE, ADD: it is stored, or added to what is there.
 *
 * @param scale of the loss's derivative
 * @param dropout whether the masks are drawn and applied
 * @param preActivations where the rows' first z lie instead of their inputs, as `run.planeDistance` says; 0: nowhere
 * @returns the sum of the losses, of no meaning when the step was left
 */
export function walkBlock(run: Run, from: i32, rows: i32, scale: f64, mode: i32, dropout: bool, preActivations: usize): f64 {
  run.from = from;
  run.rows = rows;
  run.scale = scale;
  run.mode = mode;
  run.dropout = dropout;
  run.firstZ = preActivations;
  if (dropout) drawMasks(run, rows);
  const last = run.layerCount - 1;
  const work = networkWork(run) * <i64>rows;
  const rowShares = (rows + run.shareRows - 1) / run.shareRows;
  if (run.byRows) {
    if (!shareOut(run, THROUGH, 0, rowShares, mode == EVALUATE ? work : 2 * work)) return 0;
  } else {
    if (!shareOut(run, GATHER, 0, rowShares, <i64>layerAt(run, 0).inputs * <i64>rows)) return 0;
    for (let l = preActivations == 0 ? 0 : 1; l <= last; l++) {
      const layer = layerAt(run, l);
      if (!shareOut(run, FORWARD, l, layer.panels, rowWork(layer) * <i64>rows)) return 0;
    }
    if (!shareOut(run, LOSS, 0, rowShares, <i64>layerAt(run, last).units * <i64>rows * 32)) return 0;
    for (let l = last; l > 0 && mode != EVALUATE; l--) {
      const layer = layerAt(run, l);
      if (!shareOut(run, BACKWARD, l, layerAt(run, l - 1).panels, rowWork(layer) * <i64>rows)) return 0;
    }
  }
  if (mode != EVALUATE && !shareOut(run, GRADIENT, 0, run.squareCount, work)) return 0;
  return sumOfLosses(run, layerAt(run, last), rows);
}

/** The squared norm's parts, outside the fused path. */
export function measureAll(run: Run): bool {
  return shareOut(run, MEASURE, 0, run.squareCount, networkWork(run));
}

/** The optimiser's step, outside the fused path. It is made wholly or not at all. */
export function updateAll(run: Run): bool {
  return shareOut(run, UPDATE_ALL, 0, run.squareCount, 8 * networkWork(run));
}

/** Returns false when the step is to be left. */
function shareOut(run: Run, phase: i32, layer: i32, shares: i32, work: i64): bool {
  run.phase = phase;
  run.layer = layer;
  const safe = phase < GRADIENT || phase == MEASURE || (phase == GRADIENT && run.mode != UPDATE);
  const interruptible = run.interruptible == 2 ? phase != UPDATE_ALL : run.interruptible == 1 && safe;
  if (canShare(run, shares, work)) return share(run, shares, work, interruptible);
  for (let i = 0; i < shares; i++) {
    if (interruptible && interrupted()) {
      run.left = 1;
      return false;
    }
    perform(run, i, 0);
  }
  return true;
}

/** Does one share, as one of the threads. */
export function perform(run: Run, index: i32, thread: i32): void {
  const phase = run.phase;
  if (phase >= GRADIENT) {
    performPanel(run, phase, index, thread);
    return;
  }
  if (phase == FORWARD) {
    forwardRows(run, run.layer, index, 0, run.rows, run.dropout != 0);
    return;
  }
  if (phase == BACKWARD) {
    backwardRows(run, run.layer, index, 0, run.rows);
    return;
  }
  const row = index * run.shareRows;
  const rows = min(run.shareRows, run.rows - row);
  if (phase != LOSS) bringIn(run, row, rows);
  if (phase == THROUGH) forwardAll(run, row, rows);
  if (phase != GATHER) lossAndDelta(run, layerAt(run, run.layerCount - 1), row, rows, run.scale);
  if (phase == THROUGH && run.mode != EVALUATE) backAll(run, row, rows);
}

/** A panel of any layer: those of the first come first. */
function performPanel(run: Run, phase: i32, index: i32, thread: i32): void {
  let l = 0;
  while (index >= layerAt(run, l).panels) index -= layerAt(run, l++).panels;
  const layer = layerAt(run, l);
  if (phase == GRADIENT) gradientPanel(run, layer, index, run.rows, run.mode, thread);
  else if (phase == MEASURE) measurePanel(run, layer, index);
  else updatePanel(run, layer, index);
}

function bringIn(run: Run, row: i32, rows: i32): void {
  if (run.firstZ == 0) {
    gather(run, run.from, row, rows);
    return;
  }
  const layer = layerAt(run, 0);
  for (let i = row; i < row + rows; i++) {
    if (run.planeDistance == 0) copyFirst(run, i, layer.output);
    gatherTarget(run, run.from, i);
  }
  for (let p = 0; p < layer.panels; p++) {
    if (run.planeDistance != 0) blendRows(run, p, row, rows);
    activateRows(run, 0, p, row, rows, false);
  }
}

/** Copies a row's z of the first layer into panels. */
export function copyFirst(run: Run, row: i32, panels: usize): void {
  const units = layerAt(run, 0).units;
  const source = run.firstZ + ((<usize>row * <usize>units) << 2);
  copyRow(source, units, panels + (<usize>row << 5), run.stride);
}

/** The first layer's z at a point of the plane. */
function blendRows(run: Run, p: i32, row: i32, rows: i32): void {
  const offset = <usize>p * run.stride + (<usize>row << 5);
  const distance = run.planeDistance;
  const a = f32x4.splat(run.planeA);
  const b = f32x4.splat(run.planeB);
  let from = run.firstZ + offset;
  let to = layerAt(run, 0).output + offset;
  for (const end = to + (<usize>rows << 5); to < end; to += 16, from += 16) {
    const along = f32x4.add(v128.load(from), f32x4.mul(a, v128.load(from + distance)));
    v128.store(to, f32x4.add(along, f32x4.mul(b, v128.load(from + 2 * distance))));
  }
}

function forwardAll(run: Run, row: i32, rows: i32): void {
  const dropout = run.dropout != 0;
  for (let l = run.firstZ == 0 ? 0 : 1; l < run.layerCount; l++) {
    for (let p = 0; p < layerAt(run, l).panels; p++) forwardRows(run, l, p, row, rows, dropout);
  }
}

function backAll(run: Run, row: i32, rows: i32): void {
  for (let l = run.layerCount - 1; l > 0; l--) {
    for (let p = 0; p < layerAt(run, l - 1).panels; p++) backwardRows(run, l, p, row, rows);
  }
}
