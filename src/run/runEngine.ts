/** The engine of a run, made from its material. */
import type { Prepared } from "../data/prepare";
import { createEngine, type EngineOptions } from "../engine/createEngine";
import type { Engine, EngineSettings } from "../engine/engine";
import { createReferenceEngine } from "../engine/reference";
import type { Material } from "./material";
import type { Scoring } from "./metrics";
import { batchRows } from "./training";

/**
 * @param kernel of the checkpoint from which the engine will go on: a run that fell back to the reference kernels goes on
 * with them
 */
export function createRunEngine(material: Material, kernel: string | null, options: EngineOptions): Engine {
  const { initial } = material;
  const settings = engineSettingsOf(material);
  const engine = createEngine(settings, initial, options);
  if (kernel === null || kernel === engine.kernel || !kernel.startsWith("reference")) return engine;
  const reference = createReferenceEngine(settings, initial);
  return kernel === reference.kernel ? reference : engine;
}

export function engineSettingsOf({ config, prepared, network }: Material): EngineSettings {
  return {
    network,
    loss: prepared.loss,
    optimizer: config.optimizer,
    batchSize: batchRows(config, prepared.training.count),
    gradientClipNorm: config.gradientClipNorm,
    ...classWeightsOf(prepared),
    seed: config.seed,
    training: prepared.training,
  };
}

export function scoringOf({ prepared, network }: Pick<Material, "prepared" | "network">): Scoring {
  return {
    target: prepared.preparation.target,
    outputs: network.layers[network.layers.length - 1].units,
    ...classWeightsOf(prepared),
  };
}

function classWeightsOf({ classWeights }: Prepared): Pick<EngineSettings, "classWeights"> {
  return classWeights ? { classWeights } : {};
}
