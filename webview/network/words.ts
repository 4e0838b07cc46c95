import type { NetworkPart } from "../../src/protocol/evaluation";
import { formatCount, formatNumber } from "../format";
import type { Place } from "./geometry";

/** What the parts of the drawing are called, and their numbers. */
export function describePlace({ layers, inputNames, outputNames }: NetworkPart, place: Place): string {
  const nameOf = (column: number, at: number): string => {
    if (column === 0) return inputNames[at] ?? `input ${at + 1}`;
    const unit = layers[column - 1].shownUnits[at];
    return column === layers.length
      ? (outputNames[unit] ?? `output ${unit + 1}`)
      : `unit ${column}.${unit + 1}`;
  };
  if (place.kind === "weight") {
    const { layer, input, unit } = place;
    const { shownInputs, shownUnits, weights } = layers[layer];
    // The inputs of a layer that are drawn are the units of the one before that are drawn.
    const from = layer === 0 ? input : shownInputs.indexOf(layers[layer - 1].shownUnits[input]);
    const weight = weights[unit * shownInputs.length + from];
    return `${nameOf(layer, input)} → ${nameOf(layer + 1, unit)}: weight ${formatNumber(weight)} (layer ${layer + 1}, ${formatCount(shownUnits.length)} of its units are drawn)`;
  }
  const { column, at } = place;
  if (column === 0) return nameOf(0, at);
  const { bias, activations } = layers[column - 1];
  return `${nameOf(column, at)}: mean output ${formatNumber(activations[at])}, bias ${formatNumber(bias[at])}`;
}

/** The network in a sentence, for those who do not see it. */
export function describeNetwork({ layers, step }: NetworkPart): string {
  const sizes = [layers[0].inputs, ...layers.map(({ units }) => units)].map(formatCount).join(", ");
  const spread = layers
    .map(({ weightHistogram }, i) => `layer ${i + 1} ${formatNumber(weightHistogram.deviation, 3)}`)
    .join(", ");
  return `Network of ${sizes} units after step ${formatCount(step)}. Standard deviation of the weights: ${spread}.`;
}
