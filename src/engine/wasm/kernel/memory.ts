/**
 * What the kernels find in linear memory, as the host (`../arena.ts`) lays it out: every field is 4 bytes, in this order,
 * f64 fields 8 bytes at a multiple of 8. The names are those of `../records.ts`.
 *
 * All matrices are stored in *panels* of 8 columns: a matrix [rows × columns] is [⌈columns / 8⌉][rows][8], so that
 * the inner loop of every product reads memory forwards, 8 numbers at a time. What pads the last panel is zero in weights, their
 * gradients and their optimiser's slots, and never read in activations.
 */

/** One layer of the network. */
@unmanaged
export class Layer {
  inputs: i32;
  units: i32;
  /** ⌈units / 8⌉ */
  panels: i32;
  activation: i32;
  /** Panels of the transposed weight [inputs + 1 × units]: the last row of each panel is the bias. */
  weight: usize;
  /** Panels of the weight [units × inputs], for the way back; 0 for the first layer, which needs none. */
  transposed: usize;
  /** Panels of what comes in: the outputs of the layer before, or the batch. */
  input: usize;
  /** Panels of what goes out. */
  output: usize;
  /** Panels of f′(z), times the dropout factor; turned into dL/dz on the way back. */
  slope: usize;
  /** Panels of the dropout factors; 0 without dropout. */
  mask: usize;
  /** A unit is dropped if uint32 is below it. */
  dropoutThreshold: u32;
  /** 1 / (1 − p), by which the units kept are multiplied. */
  dropoutKept: f32;
  /** Where this layer's sums of squares begin in `Run.squares`. */
  firstSquare: i32;
}

export const LAYER_BYTES: usize = 64;

/** One engine's run. */
@unmanaged
export class Run {
  layers: usize;
  layerCount: i32;
  loss: i32;
  optimizer: i32;
  batchSize: i32;
  /** The most rows that the activations hold; a longer batch is taken in blocks. */
  capacity: i32;
  /** Bytes from one panel of an activation to the next. */
  stride: usize;
  /** 1: the optimiser runs inside the backward pass. 0: the whole gradient is there first. */
  fused: i32;
  hasDropout: i32;

  /** Training rows, row-major, and which of them the steps take. */
  inputs: usize;
  targets: usize;
  order: usize;
  orderCount: i32;
  targetWidth: i32;

  /** The targets of a block: class indices [rows], or panels like the outputs. */
  blockTargets: usize;
  /** Three numbers a row. */
  rowScratch: usize;
  /** One strip of a gradient for each thread. */
  strips: usize;
  /** f64, one per panel of every layer: the sum of squares of its gradient. */
  squares: usize;
  squareCount: i32;

  /** From a weight to its gradient, first slot, second slot. */
  gradientOffset: usize;
  slotOffset1: usize;
  slotOffset2: usize;

  /** f32, of every step: learning rate, Adam's rate, Adam's root, AdamW's shrinkage. */
  stepScalars: usize;
  /** f64, of every step. */
  losses: usize;
  norms: usize;

  /** momentum, or the decay of the (first) mean. */
  decay1: f32;
  decay2: f32;
  /** 1 − decay, rounded once. */
  gain1: f32;
  gain2: f32;
  epsilon: f32;
  weightDecay: f32;
  /** 0: no clipping. */
  clipNorm: f32;

  /** Steps made before this call, and the run's seed, in 32-bit halves. */
  stepLow: u32;
  stepHigh: u32;
  seedLow: u32;
  seedHigh: u32;
  /** 1: a step that makes a parameter infinite ends the call, broken as it is. */
  checked: i32;
  /** f32, of every class; all 1 without class weights. */
  classWeights: usize;
  /** 1: the mean loss of a batch divides by the sum of its rows' weights. 0: by the number of rows. */
  weightedMean: i32;
  /** f64, one for every four rows of a block: the sum of their losses. */
  groupLosses: usize;
  /** The threads that share the work (`crew.ts`); 0: there is but one. */
  crew: usize;
  /** 1: a thread takes some rows through all layers. 0: it takes some panels of one layer, for all rows. */
  byRows: i32;
  /** Rows of a share, a multiple of 4. */
  shareRows: i32;
  /** What ends a step in mid-way when the host wants it: 0 nothing, 1 up to the gradient, 2 everywhere. */
  interruptible: i32;
  /** Set when a step was left: 1 as the host wanted, 2 because a thread was lost. */
  left: i32;
  random0: u32;
  random1: u32;
  random2: u32;
  random3: u32;

  /** Scalars of the step in hand. */
  learningRate: f32;
  adamRate: f32;
  adamRoot: f32;
  shrink: f32;
  gradientScale: f32;

  /** What is being shared out: see `step.ts`. */
  phase: i32;
  layer: i32;
  from: i32;
  rows: i32;
  mode: i32;
  dropout: i32;
  /** The first layer's z of the rows in place of their inputs, row-major, or in panels of a plane; 0: none. */
  firstZ: usize;
  /** On a plane of parameters z is z₀ + a·z₁ + b·z₂: bytes from the panels of one to those of the next; 0: there is no plane. */
  planeDistance: usize;
  planeA: f32;
  planeB: f32;
  scale: f64;
}

@inline
export function layerAt(run: Run, index: i32): Layer {
  return changetype<Layer>(run.layers + <usize>index * LAYER_BYTES);
}

/** Bytes of one weight panel: `inputs` rows and the bias. */
@inline
export function weightPanelBytes(layer: Layer): usize {
  return (<usize>layer.inputs + 1) << 5;
}
