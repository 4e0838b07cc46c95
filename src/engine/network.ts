/**
 * The shape of a network, and where each layer's numbers lie in the one flat array of parameters.
 *
 * A network is a chain of layers; a layer with weight W [units × inputs], bias b [units] and activation f
 * turns a row x into f(W·x + b). All parameters θ lie in one array, layer by layer, first the weight row by
 * row, then the bias: so the norm of θ, a step along −∇f or a point of the loss surface is one loop.
 */
import type { Activation, FloatArray, Layer, Network } from "./engine";

export interface HiddenLayer {
  readonly units: number;
  readonly activation: Activation;
  /** Probability that a unit is dropped while training; default 0. */
  readonly dropout?: number;
}

/**
 * The network from `inputs` numbers through the hidden layers to `outputs` numbers. The last layer has no
 * activation: its outputs are logits, or values in the target's scale.
 */
export function describeNetwork(inputs: number, hidden: readonly HiddenLayer[], outputs: number): Network {
  const layers: Layer[] = [];
  let width = inputs;
  for (const { units, activation, dropout = 0 } of hidden) {
    layers.push({ inputs: width, units, activation, dropout });
    width = units;
  }
  layers.push({ inputs: width, units: outputs, activation: "identity", dropout: 0 });
  return { layers };
}

/** Where a layer's parameters begin in the flat array. */
export interface LayerOffsets {
  readonly weight: number;
  readonly bias: number;
}

export function layerOffsets(network: Network): LayerOffsets[] {
  let offset = 0;
  return network.layers.map(({ inputs, units }) => {
    const weight = offset;
    const bias = weight + units * inputs;
    offset = bias + units;
    return { weight, bias };
  });
}

export function parameterCount(network: Network): number {
  return network.layers.reduce((sum, { inputs, units }) => sum + units * (inputs + 1), 0);
}

export function inputCount(network: Network): number {
  return network.layers[0].inputs;
}

export function outputCount(network: Network): number {
  return network.layers[network.layers.length - 1].units;
}

export interface ParameterView {
  /** "layers.0.weight", "layers.0.bias", "layers.1.weight" … */
  readonly name: string;
  /** [units, inputs] of a weight, [units] of a bias. */
  readonly shape: readonly number[];
  /** A view of the flat array, not a copy. */
  readonly values: FloatArray;
}

/** Names the parts of a flat array of parameters (or of a gradient, or of an optimiser's slot). */
export function parameterViews(network: Network, flat: FloatArray): ParameterView[] {
  const offsets = layerOffsets(network);
  return network.layers.flatMap(({ inputs, units }, index) => {
    const { weight, bias } = offsets[index];
    return [
      {
        name: `layers.${index}.weight`,
        shape: [units, inputs],
        values: flat.subarray(weight, bias),
      },
      { name: `layers.${index}.bias`, shape: [units], values: flat.subarray(bias, bias + units) },
    ];
  });
}
