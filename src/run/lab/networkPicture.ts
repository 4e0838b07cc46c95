/** The layers of a network as they are now: weights, what the units put out, and how weights and gradients are spread. */
import { inputNamesOf, outputNamesOf } from "../evaluation/names";
import { histogramOf } from "../evaluation/histogram";
import { meanActivations } from "../evaluation/activations";
import type { Layer } from "../../engine/engine";
import { layerOffsets } from "../../engine/network";
import type { LayerPicture, NetworkPart } from "../../protocol/evaluation";
import type { LabBench } from "./bench";
import { chosenRows } from "./planeLosses";
import type { Turn } from "./queue";

/** Units, or inputs, of a layer that can be told apart in a drawing. */
const mostUnits = 20;
const mostImages = 16;
const bins = 40;
const gradientRows = 500;
const activationRows = 200;

/** Yields once. */
export async function* networkPicture(
  bench: LabBench,
  _job: Record<string, never>,
  turn: Turn,
): AsyncGenerator<NetworkPart, void> {
  const { parameters, step } = await bench.look();
  const { network, material } = bench;
  const { training } = material;
  const count = Math.min(training.count, gradientRows);
  const rows = Uint32Array.from({ length: count }, (_, i) => Math.floor((i * training.count) / count));
  const { gradient } = bench.engine.gradientAt(parameters, rows);
  await turn.breathe();
  const activations = await meanActivations(
    network,
    parameters,
    chosenRows(training, activationRows),
    turn.breathe,
  );
  const offsets = layerOffsets(network);
  const layers = network.layers.map((layer, at): LayerPicture => {
    const { inputs, units, activation } = layer;
    const { weight, bias } = offsets[at];
    const shownUnits = spread(units, mostUnits);
    const shownInputs = spread(inputs, mostUnits);
    const weights = parameters.subarray(weight, bias);
    const images = at === 0 ? imagesOf(layer, weights) : null;
    return {
      inputs,
      units,
      activation,
      shownUnits,
      shownInputs,
      weights: Float64Array.from(
        { length: shownUnits.length * shownInputs.length },
        (_, i) =>
          weights[
            shownUnits[Math.floor(i / shownInputs.length)] * inputs + shownInputs[i % shownInputs.length]
          ],
      ),
      bias: Float64Array.from(shownUnits, (unit) => parameters[bias + unit]),
      activations: Float64Array.from(shownUnits, (unit) => activations[at][unit]),
      weightHistogram: histogramOf(weights, bins),
      gradientHistogram: histogramOf(gradient.subarray(weight, bias), bins),
      ...(images && { images }),
    };
  });
  yield {
    step,
    layers,
    rows: count,
    inputNames: inputNamesOf(material, layers[0].shownInputs),
    outputNames: outputNamesOf(material),
  };
}

/** At most `most` of n indices, evenly spread. */
function spread(n: number, most: number): number[] {
  const count = Math.min(n, most);
  return Array.from({ length: count }, (_, i) => (n <= most ? i : Math.floor((i * n) / count)));
}

/** Fewer inputs are no picture. */
const smallestSide = 5;

function imagesOf({ inputs, units }: Layer, weights: ArrayLike<number>): LayerPicture["images"] | null {
  const side = Math.round(Math.sqrt(inputs));
  if (side * side !== inputs || side < smallestSide) return null;
  const shown = spread(units, mostImages);
  return {
    side,
    units: shown,
    weights: Float64Array.from(
      { length: shown.length * inputs },
      (_, i) => weights[shown[Math.floor(i / inputs)] * inputs + (i % inputs)],
    ),
  };
}
