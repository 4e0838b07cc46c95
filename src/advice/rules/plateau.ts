import type { Advice, Fix } from "../advice";
import type { Evidence } from "../evidence";
import { farEnough, metricOf, trainingLosses } from "../series";
import { count, number } from "../words";

/** Within these shares of the constant answer's loss nothing has been learned. */
const constant = { from: 0.97, to: 1.1 };

/** So much of its height the loss may move over half of the run and still be flat. */
const flat = 0.01;

/**
 * Stuck on a plateau or a saddle: the loss is flat at what a constant answer reaches, so that the network says the same of every row.
 */
export function plateau(evidence: Evidence): Advice | null {
  const { baseline, epochs } = evidence;
  const losses = trainingLosses(evidence);
  if (!losses || baseline.loss === null || losses.epochs < 5 || !farEnough(evidence, 0.3)) return null;
  const share = losses.now / baseline.loss;
  if (share < constant.from || share > constant.to) return null;
  const { value } = metricOf(epochs, "training.loss");
  const half = value.slice(value.length >> 1);
  const moved = Math.max(...half) - Math.min(...half);
  if (moved > flat * losses.now + (evidence.batchSize < evidence.trainingRows ? 0.03 * losses.now : 0))
    return null;
  return {
    id: "plateau",
    title: "Stuck on a plateau",
    evidence: `The training loss is ${number(losses.now)} after ${count(losses.epochs)} epochs and has moved by ${number(moved)} in the later half of them, while a constant answer reaches ${number(baseline.loss)}.`,
    ...remedy(evidence),
    page: "minima-and-saddles",
  };
}

/** What most likely flattens the loss, and what to do about it. */
function remedy({ config }: Evidence): Pick<Advice, "why" | "path" | "fixes"> {
  const { network, optimizer } = config;
  const set = (label: string, path: (string | number)[], value: unknown): Fix => ({
    label,
    changes: [{ path, value }],
  });
  if (network.initializer === "zeros" && network.hidden.length > 0) {
    return {
      why: "Weights that all start at zero get the same gradient, so the hidden units stay copies of each other: a saddle that descent cannot leave.",
      path: ["network", "initializer"],
      fixes: [set("Initializer auto", ["network", "initializer"], "auto")],
    };
  }
  if (optimizer.weightDecay >= 0.05 && optimizer.type !== "adamw") {
    return {
      why: "A weight decay so strong pulls the weights to zero faster than the data pull them away.",
      path: ["optimizer", "weightDecay"],
      fixes: [set("Weight decay 0.0001", ["optimizer", "weightDecay"], 0.0001)],
    };
  }
  if (network.dropout >= 0.6) {
    return {
      why: `With a dropout of ${number(network.dropout)} so few hidden units are left in a step that the network learns to ignore them.`,
      path: ["network", "dropout"],
      fixes: [set("Dropout 0.2", ["network", "dropout"], 0.2)],
    };
  }
  const squashing = network.hidden.filter(({ activation }) => activation === "sigmoid");
  if (squashing.length >= 2) {
    return {
      why: `Each sigmoid layer shrinks the gradient to a quarter or less; after ${count(squashing.length)} of them hardly any is left for the first layers.`,
      path: ["network"],
      fixes: [withActivation(config, "relu"), withActivation(config, "tanh")],
    };
  }
  const fixes: [Fix, ...Fix[]] =
    optimizer.type === "adam" || optimizer.type === "adamw"
      ? [set(`Seed ${config.seed + 1}`, ["seed"], config.seed + 1)]
      : [set("Optimizer adam", ["optimizer"], { type: "adam", learningRate: 0.01 })];
  return {
    why: "Where the surface is flat the gradient is too small to lead anywhere; another rule or another start may find the slope, unless the features say nothing of the target.",
    path: ["optimizer"],
    fixes,
  };
}

/** Every hidden layer with another activation. */
export function withActivation({ network }: Evidence["config"], activation: string): Fix {
  return {
    label: `Activation ${activation}`,
    changes: [
      { path: ["network", "hidden"], value: network.hidden.map(({ units }) => units) },
      { path: ["network", "activation"], value: activation },
    ],
  };
}
