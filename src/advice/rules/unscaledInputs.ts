import type { Advice } from "../advice";
import type { Evidence } from "../evidence";
import { latest } from "../series";
import { number } from "../words";

/** A root mean square of the inputs that is this large, or so many times another's, makes the surface a narrow valley. */
const large = { anyway: 50, inTrouble: 5 };
const uneven = { anyway: 1000, inTrouble: 30 };

/** `standardize` is off, and the inputs are so large or so uneven that descent suffers from it. */
export function unscaledInputs({ config, inputs, epochs, baseline, status }: Evidence): Advice | null {
  if (config.data.standardize || !inputs) return null;
  const { largest, smallest } = inputs;
  const ratio = largest.size / smallest.size;
  const loss = latest(epochs, "training.loss");
  const learnedLittle = loss !== null && baseline.loss !== null && loss > 0.7 * baseline.loss;
  const trouble = status === "diverged" || learnedLittle;
  const limit = trouble ? "inTrouble" : "anyway";
  if (largest.size < large[limit] && ratio < uneven[limit]) return null;
  const what =
    status === "diverged"
      ? "; the run diverged"
      : loss !== null && baseline.loss !== null
        ? `; the training loss is ${number(loss)}, where a constant answer reaches ${number(baseline.loss)}`
        : "";
  return {
    id: "unscaled-inputs",
    title: "Inputs of uneven size",
    evidence: `The input ${largest.name} is ${number(largest.size)} in size (root mean square) and ${smallest.name} is ${number(smallest.size)}${what}.`,
    why: "The gradient of a weight grows with its input, so a learning rate that suits one input is far too large or too small for another.",
    path: ["data", "standardize"],
    fixes: [{ label: "Standardize the inputs", changes: [{ path: ["data", "standardize"], value: true }] }],
    page: "learning-rate",
  };
}
