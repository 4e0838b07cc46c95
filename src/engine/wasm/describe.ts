/** Writes what the kernels are to compute, from an engine's settings, into the records that they read. */
import type { EngineSettings, Optimizer } from "../engine";
import { targetWidth } from "../losses";
import { outputCount } from "../network";
import type { Arena } from "./arena";
import { packedLength, panelCount, transposedLength } from "./panels";
import { LAYER_BYTES, layerRecord, type RunRecord } from "./records";

/** The numbers by which the kernels know these. */
const activations = [
  "identity",
  "relu",
  "leaky-relu",
  "elu",
  "tanh",
  "sigmoid",
  "softplus",
  "silu",
  "gelu",
] as const;
const losses = ["mse", "mae", "binary-cross-entropy", "categorical-cross-entropy"] as const;
const optimizers = ["sgd", "momentum", "nesterov", "rmsprop", "adam", "adagrad"] as const;

/** All that stays the same from call to call. */
export function describeRun(settings: EngineSettings, arena: Arena, run: RunRecord, view: DataView): void {
  const { network, optimizer, seed, loss } = settings;
  const type = optimizer.type === "adamw" ? "adam" : optimizer.type;
  run.write({
    layerCount: network.layers.length,
    loss: losses.indexOf(loss),
    optimizer: optimizers.indexOf(type),
    hasDropout: network.layers.some(({ dropout }) => dropout > 0) ? 1 : 0,
    targetWidth: targetWidth(loss, outputCount(network)),
    blockTargets: arena.batchTargets,
    rowScratch: arena.rowScratch,
    strips: arena.strips,
    crew: arena.crew,
    groupLosses: arena.groupLosses,
    squares: arena.squares,
    squareCount: arena.squareCount,
    slotOffset1: arena.packedLength * 4,
    slotOffset2: arena.packedLength * 8,
    stepScalars: arena.stepScalars,
    losses: arena.losses,
    norms: arena.norms,
    classWeights: arena.classWeights,
    weightedMean: settings.classWeights && loss === "categorical-cross-entropy" ? 1 : 0,
    clipNorm: settings.gradientClipNorm ?? 0,
    seedLow: seed,
    seedHigh: Math.floor(seed / 4294967296),
    ...constantsOf(optimizer),
  });
  for (let i = 0; i < Math.max(2, outputCount(network)); i++) {
    view.setFloat32(arena.classWeights + 4 * i, settings.classWeights?.[i] ?? 1, true);
  }
  const { liveLayers, probeLayers, weights, probeWeights, transposed, probeTransposed } = arena;
  describeLayers(settings, arena, view, { records: liveLayers, weights, transposed });
  describeLayers(settings, arena, view, {
    records: probeLayers,
    weights: probeWeights,
    transposed: probeTransposed,
  });
}

function describeLayers(
  { network }: EngineSettings,
  arena: Arena,
  view: DataView,
  { records, weights, transposed }: { records: number; weights: number; transposed: number },
): void {
  let weight = weights;
  let turned = transposed;
  let firstSquare = 0;
  network.layers.forEach((layer, index) => {
    const { inputs, units, activation, dropout } = layer;
    layerRecord(view, records + index * LAYER_BYTES).write({
      inputs,
      units,
      panels: panelCount(units),
      activation: activations.indexOf(activation),
      weight,
      transposed: index > 0 ? turned : 0,
      input: index > 0 ? arena.activations[index - 1].output : arena.batchInputs,
      ...arena.activations[index],
      dropoutThreshold: Math.ceil(dropout * 4294967296),
      dropoutKept: 1 / (1 - dropout),
      firstSquare,
    });
    weight += packedLength(layer) * 4;
    if (index > 0) turned += transposedLength(layer) * 4;
    firstSquare += panelCount(units);
  });
}

/** The optimiser's constants, by the kernels' names. */
function constantsOf(optimizer: Optimizer): Record<string, number> {
  const weightDecay = optimizer.type === "adamw" ? 0 : optimizer.weightDecay;
  switch (optimizer.type) {
    case "sgd":
      return { weightDecay };
    case "momentum":
    case "nesterov":
      return { weightDecay, decay1: optimizer.momentum };
    case "rmsprop":
      return {
        weightDecay,
        decay1: optimizer.decay,
        gain1: 1 - optimizer.decay,
        epsilon: optimizer.epsilon,
      };
    case "adam":
    case "adamw":
      return {
        weightDecay,
        decay1: optimizer.beta1,
        gain1: 1 - optimizer.beta1,
        decay2: optimizer.beta2,
        gain2: 1 - optimizer.beta2,
        epsilon: optimizer.epsilon,
      };
    case "adagrad":
      return { weightDecay, epsilon: optimizer.epsilon };
  }
}
