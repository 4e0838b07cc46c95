import { encodeSafetensors } from "../formats/safetensors";
import type { TrainedModel } from "../run/trainedModel";
import { metadataOf } from "./model";

/**
 * The weights, layers.0.weight [units, inputs], layers.0.bias [units] …, with the activations and the preparation as
 * JSON in the metadata. `network.initialWeights` of a run config reads it.
 */
export function toSafetensors(model: TrainedModel): Uint8Array {
  const tensors = model.layers.flatMap(({ inputs, units, weight, bias }, index) => [
    { name: `layers.${index}.weight`, shape: [units, inputs], values: weight },
    { name: `layers.${index}.bias`, shape: [units], values: bias },
  ]);
  return encodeSafetensors(tensors, metadataOf(model));
}
