/** Inputs that standardisation makes huge: those of columns that hardly vary among the training rows. */
import type { Preparation } from "./preparation";
import { digits, formatted, quoted } from "./wording";

/** So many standard deviations from the mean are no measurement any more that a step size could be chosen for. */
const huge = 50;

/**
 * @param parts the encoded inputs of training, validation and test: rows × inputSize each
 * @param notes takes a sentence where there are such inputs
 */
export function noteExtremes(
  { features, inputSize, inputNames }: Preparation,
  parts: readonly Float32Array[],
  notes: string[],
): void {
  const scaled = Uint8Array.from(
    features.flatMap((feature) => {
      if (feature.kind === "vector") return feature.mean.map(() => 1);
      if (feature.kind === "category") return feature.labels.map(() => 0);
      return [feature.kind === "boolean" ? 0 : 1];
    }),
  );
  const largest = new Float32Array(inputSize);
  for (const inputs of parts) {
    for (let at = 0; at < inputs.length; at += inputSize) {
      for (let input = 0; input < inputSize; input++) {
        const size = Math.abs(inputs[at + input]);
        if (size > largest[input]) largest[input] = size;
      }
    }
  }
  let [count, most] = [0, -1];
  for (let input = 0; input < inputSize; input++) {
    if (scaled[input] === 0 || largest[input] <= huge) continue;
    count++;
    if (most < 0 || largest[input] > largest[most]) most = input;
  }
  if (count === 0) return;
  const [inputs, have, them] = count === 1 ? ["input", "has", "it"] : ["inputs", "have", "them"];
  notes.push(
    `${digits(count)} ${inputs} nearly constant among the training rows ${have} standardised values of up to ${formatted(largest[most], 2)} (${quoted(inputNames[most])}), which can upset training; leave ${them} out with "ignore", or set "standardize" to false if all columns have the same unit.`,
  );
}
