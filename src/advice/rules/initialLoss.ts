import type { Advice, Fix } from "../advice";
import type { Evidence } from "../evidence";
import { metricOf } from "../series";
import { number } from "../words";

/** So many times the loss of knowing nothing the starting weights may have. */
const most = { classification: 2.5, regression: 10 };

/**
 * The starting weights answer far worse than knowing nothing does: ln K for K classes that are taken for equally likely, the
 * variance of the target for a regression.
 */
export function initialLoss(evidence: Evidence): Advice | null {
  const { epochs, task, classes, baseline } = evidence;
  const { epoch, value } = metricOf(epochs, "training.loss");
  if (epoch[0] !== 0) return null;
  const expected = task === "classification" && classes ? Math.log(classes.length) : baseline.loss;
  const found = fixesFor(evidence);
  if (expected === null || value[0] < most[task] * expected || !found) return null;
  const told =
    task === "classification" && classes
      ? `where not knowing which of ${classes.length} classes is right costs ln ${classes.length} = ${number(expected)}`
      : `where always answering the mean costs ${number(expected)}`;
  return {
    id: "initial-loss",
    title: "A start that is worse than knowing nothing",
    evidence: `The loss of the starting weights is ${number(value[0])}, ${told}.`,
    ...found,
    page: "initialization",
  };
}

function fixesFor({ config, task, inputs }: Evidence): Pick<Advice, "why" | "path" | "fixes"> | null {
  const set = (label: string, path: string[], value: unknown): Fix => ({ label, changes: [{ path, value }] });
  const wrongly =
    "The network begins by being sure of wrong answers, and the first steps go into unlearning them";
  if (config.network.initialWeights !== undefined) {
    return {
      why: `${wrongly}: the weights that it starts from were trained for something else.`,
      path: ["network", "initialWeights"],
      fixes: [set("Draw new weights", ["network", "initialWeights"], undefined)],
    };
  }
  if (task === "regression" && !config.data.standardizeTarget) {
    return {
      why: "The network begins by answering about 0, far from targets of this size, and spends its first steps on getting there.",
      path: ["data", config.data.standardize ? "standardizeTarget" : "standardize"],
      fixes: [
        set("Standardize the target", ["data", "standardizeTarget"], true),
        ...(config.data.standardize
          ? []
          : [set("Standardize inputs and target", ["data", "standardize"], true)]),
      ],
    };
  }
  if (!config.data.standardize && inputs && inputs.largest.size > 3) {
    return {
      why: `${wrongly}: large inputs make large outputs.`,
      path: ["data", "standardize"],
      fixes: [set("Standardize the inputs", ["data", "standardize"], true)],
    };
  }
  if (config.network.initializer !== "auto") {
    return {
      why: `${wrongly}: the weights are drawn too large for this activation.`,
      path: ["network", "initializer"],
      fixes: [set("Initializer auto", ["network", "initializer"], "auto")],
    };
  }
  return null;
}
