/** Weights under the names of another program, such as a PyTorch state dict: "0.weight", "fc1.bias" … */
import type { Network } from "../engine/engine";
import { FormatError } from "../formats/formatError";
import type { Tensor } from "../formats/safetensors";

/** A layer of the file, by what stands before ".weight" and ".bias". */
interface NamedLayer {
  name: string;
  weight: Tensor;
  bias: Tensor;
}

/**
 * Finds the layers of a network by their shapes. They are taken in the order of their names ("2" before "10"), since a
 * safetensors file keeps no other; one that does not fit is left for a later place.
 *
 * @returns the tensors under the names of Downhill, and a sentence that says which layer became which. Throws a
 * FormatError that names both shapes.
 */
export function layersByShape(
  tensors: readonly Tensor[],
  file: string,
  network: Network,
): { tensors: Tensor[]; note: string } {
  const layers = namedLayers(tensors, file);
  const needed = network.layers.map(({ inputs, units }) => [units, inputs]);
  if (layers.length !== needed.length) {
    const found = layers.map(({ name, weight }) => `${name} ${shapeText(weight.shape)}`).join(", ");
    throw new FormatError(
      `${file} has ${counted(layers.length)} (${found || "no 2-D tensor NAME.weight with its NAME.bias"}), but this network has ` +
        `${counted(needed.length)} (${needed.map(shapeText).join(", ")}); make "hidden" that of the network it came from.`,
    );
  }
  const left = [...layers];
  const found = needed.map((shape, index) => {
    const at = left.findIndex(({ weight }) => shapeText(weight.shape) === shapeText(shape));
    if (at < 0) refuse(left[0], shape, index, file);
    return left.splice(at, 1)[0];
  });
  const renamed = found.flatMap(({ weight, bias }, index) => [
    { ...weight, name: `layers.${index}.weight` },
    { ...bias, name: `layers.${index}.bias` },
  ]);
  const order = found.map(({ name }) => name || "the unnamed layer").join(", ");
  return {
    tensors: renamed,
    note: `The layers of ${file} were taken by their shapes, in this order: ${order}.`,
  };
}

function namedLayers(tensors: readonly Tensor[], file: string): NamedLayer[] {
  const given = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const layers: NamedLayer[] = [];
  for (const weight of tensors) {
    if (weight.shape.length !== 2 || !/(^|\.)weight$/.test(weight.name)) continue;
    const prefix = weight.name.slice(0, -"weight".length);
    const bias = given.get(`${prefix}bias`);
    const units = weight.shape[0];
    if (!bias) {
      throw new FormatError(
        `${file} has ${weight.name} without ${prefix}bias, which this network needs in the shape [${units}]; add one of zeros.`,
      );
    }
    if (shapeText(bias.shape) !== shapeText([units])) {
      throw new FormatError(
        `${bias.name} in ${file} has the shape ${shapeText(bias.shape)}, but ${weight.name} of the shape ${shapeText(weight.shape)} needs [${units}].`,
      );
    }
    layers.push({ name: prefix.replace(/\.$/, ""), weight, bias });
  }
  // The numbers in names as numbers.
  return layers.sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
}

function refuse({ weight }: NamedLayer, shape: readonly number[], index: number, file: string): never {
  const [units, inputs] = shape;
  const transposed = weight.shape[0] === inputs && weight.shape[1] === units;
  const remedy = transposed
    ? "transpose it, since Downhill and PyTorch write [outputs, inputs]"
    : 'make "hidden" and the features those of the network it came from';
  throw new FormatError(
    `${weight.name} in ${file} has the shape ${shapeText(weight.shape)}, but layer ${index} of this network needs ${shapeText(shape)}; ${remedy}.`,
  );
}

function counted(layers: number): string {
  return `${layers} layer${layers === 1 ? "" : "s"}`;
}

function shapeText(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}
