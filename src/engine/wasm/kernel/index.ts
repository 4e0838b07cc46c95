/**
 * What the host calls. One step: gather a batch into panels, go forward, measure the loss, go backward and, layer by layer, let the
 * optimiser make its step. `memory.ts` says where everything lies.
 */
import { exp, log1p, normalDistribution, sigmoid, tanh } from "./elementary";
import { drawMasks, startDropout } from "./dropout";
import { exactSumOfSquares, transposeLayer } from "./gradient";
import { layerAt, Run, weightPanelBytes } from "./memory";
import { classWeight } from "./losses";
import { forwardPanel } from "./products";
import { gather } from "./rows";
import { ADD, copyFirst, EVALUATE, measureAll, STORE, UPDATE, updateAll, walkBlock } from "./step";
export { allowHelpers, crewOf, help, helperFailed, helpersPresent, timesHeldUp } from "./crew";

/**
 * Makes up to `steps` optimiser steps of batches that fit into one block, from the beginning of the order. Stops before a step whose
 * loss or gradient norm is not finite; in the fused path the parameters are lost then, in the other they are those of the last
 * good step. Leaves a step in mid-way, noting why in `run.left`, where it is interrupted or a thread is lost.
 *
 * @returns the steps completed; the loss and norm of the one that failed follow theirs
 */
export function runSteps(run: Run, steps: i32): i32 {
  for (let step = 0; step < steps; step++) {
    const from = step * run.batchSize;
    const rows = min(run.batchSize, run.orderCount - from);
    beginStep(run, step);
    const divisor = run.weightedMean ? weightOf(run, from, rows) : <f64>rows;
    const loss = accumulateBlock(run, from, rows, 1 / divisor, false, run.hasDropout != 0) / divisor;
    if (run.left || !finishStep(run, step, loss)) return step;
  }
  return steps;
}

/** The sum of the class weights of entries [from, from + rows) of the order. */
function weightOf(run: Run, from: i32, rows: i32): f64 {
  let sum: f64 = 0;
  for (let i = from; i < from + rows; i++) {
    const index = <usize>load<u32>(run.order + (<usize>i << 2));
    sum += <f64>classWeight(run, <i32>load<f32>(run.targets + (index << 2)));
  }
  return sum;
}

/** Loads what a step needs to know beside its rows. */
export function beginStep(run: Run, step: i32): void {
  const at = run.stepScalars + (<usize>step << 4);
  run.learningRate = load<f32>(at);
  run.adamRate = load<f32>(at, 4);
  run.adamRoot = load<f32>(at, 8);
  run.shrink = load<f32>(at, 12);
  run.gradientScale = 1;
  if (run.hasDropout) startDropout(run, ((<u64>run.stepHigh << 32) | run.stepLow) + step + 1);
}

/** Draws the dropout factors of a step, counted from 0 within the call. */
export function drawStepMasks(run: Run, step: i32, rows: i32): void {
  startDropout(run, ((<u64>run.stepHigh << 32) | run.stepLow) + step + 1);
  drawMasks(run, rows);
}

/**
 * Forward and back over entries [from, from + rows) of the order. In the fused path the optimiser uses the gradient at once; else it
 * is stored, or added to what the step's earlier blocks left.
 *
 * @param scale 1 / rows of the batch, or 1 / the sum of their weights
 * @returns the sum of the losses
 */
export function accumulateBlock(run: Run, from: i32, rows: i32, scale: f64, more: bool, dropout: bool): f64 {
  return walkBlock(run, from, rows, scale, run.fused ? UPDATE : more ? ADD : STORE, dropout, 0);
}

/** Notes a step's loss and norm and, outside the fused path, makes the step. @returns false if something is not finite */
export function finishStep(run: Run, step: i32, loss: f64): bool {
  if (!run.fused && !measureAll(run)) return false;
  let norm = gradientNorm(run);
  if (!run.fused && !(norm <= <f64>f32.MAX_VALUE)) norm = exactNorm(run);
  store<f64>(run.losses + (<usize>step << 3), loss);
  store<f64>(run.norms + (<usize>step << 3), norm);
  if (!(Math.abs(loss) <= <f64>f32.MAX_VALUE && norm <= <f64>f32.MAX_VALUE)) return false;
  if (!run.fused) {
    if (run.clipNorm > 0) run.gradientScale = <f32>Math.min(1, <f64>run.clipNorm / (norm + 1e-6));
    if (!updateAll(run)) return false;
  }
  return !run.checked || allFinite(run);
}

/** Whether every parameter is a finite number: the sum of x − x is 0 unless one is not. */
export function allFinite(run: Run): bool {
  let sum = f32x4.splat(0);
  for (let l = 0; l < run.layerCount; l++) {
    const layer = layerAt(run, l);
    let at = layer.weight;
    for (const end = at + <usize>layer.panels * weightPanelBytes(layer); at < end; at += 16) {
      const x = v128.load(at);
      sum = f32x4.add(sum, f32x4.sub(x, x));
    }
  }
  return i32x4.all_true(f32x4.eq(sum, f32x4.splat(0)));
}

/** Gathers entries [from, from + rows) of the order and goes forward, without dropout. @returns the sum of the losses */
export function evaluate(run: Run, from: i32, rows: i32): f64 {
  return walkBlock(run, from, rows, 1, EVALUATE, false, 0);
}

/** Gathers entries [from, from + rows) of the order and leaves the first layer's z in its outputs. */
export function firstLayer(run: Run, from: i32, rows: i32): void {
  gather(run, from, 0, rows);
  const layer = layerAt(run, 0);
  for (let p = 0; p < layer.panels; p++) forwardPanel(layer, p, 0, rows, run.stride);
}

/** As `evaluate`, from the first layer's z of the rows, row-major at `preActivations`. */
export function evaluateFrom(run: Run, preActivations: usize, from: i32, rows: i32): f64 {
  run.planeDistance = 0;
  return walkBlock(run, from, rows, 1, EVALUATE, false, preActivations);
}

/** Brings the first layer's z of the rows, row-major at `preActivations`, into panels. */
export function panelsOfFirst(run: Run, preActivations: usize, panels: usize, rows: i32): void {
  run.firstZ = preActivations;
  for (let row = 0; row < rows; row++) copyFirst(run, row, panels);
}

/** As `evaluate`, from the first layer's z at the point (a, b) of a plane, whose three panels lie `distance` bytes apart. */
export function evaluateOnPlane(run: Run, panels: usize, distance: usize, a: f32, b: f32, rows: i32): f64 {
  run.planeDistance = distance;
  run.planeA = a;
  run.planeB = b;
  return walkBlock(run, 0, rows, 1, EVALUATE, false, panels);
}

/** Brings every layer's transposed weight in line with its weight. */
export function transposeAll(run: Run): void {
  for (let l = 0; l < run.layerCount; l++) transposeLayer(layerAt(run, l));
}

/** The global norm, from the panels' sums in their order, whoever computed them. */
function gradientNorm(run: Run): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < run.squareCount; i++) sum += load<f64>(run.squares + (<usize>i << 3));
  return Math.sqrt(sum);
}

function exactNorm(run: Run): f64 {
  let sum: f64 = 0;
  for (let l = 0; l < run.layerCount; l++) {
    const layer = layerAt(run, l);
    const bytes = <usize>layer.panels * weightPanelBytes(layer);
    sum += exactSumOfSquares(layer.weight + run.gradientOffset, bytes);
  }
  return Math.sqrt(sum);
}

/** Applies one elementary function to an array in place: for the tests of their accuracy alone. */
export function elementary(which: i32, from: usize, end: usize): void {
  for (; from < end; from += 16) {
    const x = v128.load(from);
    if (which == 0) v128.store(from, exp(x));
    else if (which == 1) v128.store(from, log1p(x));
    else if (which == 2) v128.store(from, tanh(x));
    else if (which == 3) v128.store(from, sigmoid(x));
    else v128.store(from, normalDistribution(x));
  }
}
