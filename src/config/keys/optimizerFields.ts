import { define } from "./field";

function learningRate<const D extends number>(byDefault: D) {
  return define({
    kind: "number",
    above: 0,
    description:
      "The step size η: how far the parameters move along the optimizer's direction. Too large diverges, too small crawls.",
    formula: "θ ← θ − η · direction",
    default: byDefault,
    examples: [0.001, 0.01, 0.1],
    aliases: ["lr", "eta", "stepSize", "alpha", "rate"],
  });
}

const weightDecay = define({
  kind: "number",
  atLeast: 0,
  description:
    "Pulls every parameter towards zero: weightDecay·θ is added to the gradient (L2); with `adamw` it acts on the parameters directly instead. Smaller parameters make smoother predictions that overfit less.",
  formula: "g ← g + λθ; adamw: θ ← θ − ηλθ",
  default: 0,
  examples: [0.0001, 0.01],
  aliases: ["decay", "l2", "regularization", "wd"],
});

const momentum = define({
  kind: "number",
  atLeast: 0,
  below: 1,
  description:
    "The share of the last step's velocity that is kept. It averages over noisy gradients and speeds up along long valleys, where 0.9 makes steps ten times as long.",
  formula: "v ← μv + g",
  default: 0.9,
  aliases: ["mu"],
});

function epsilon<const D extends number>(byDefault: D) {
  return define({
    kind: "number",
    above: 0,
    description:
      "Added to the denominator, so that nothing is divided by zero. A larger one makes the steps of parameters with tiny gradients smaller.",
    formula: "g / (√v + ε)",
    default: byDefault,
    aliases: ["eps"],
  });
}

const adamFields = {
  learningRate: learningRate(0.01),
  beta1: define({
    kind: "number",
    atLeast: 0,
    below: 1,
    description:
      "Decay of the running mean of gradients: the momentum of Adam. It remembers about 1/(1 − β₁) steps.",
    formula: "m ← β₁m + (1 − β₁)g",
    default: 0.9,
    aliases: ["b1"],
  }),
  beta2: define({
    kind: "number",
    atLeast: 0,
    below: 1,
    description:
      "Decay of the running mean of squared gradients, by whose root each parameter's step is divided. It remembers about 1/(1 − β₂) steps.",
    formula: "v ← β₂v + (1 − β₂)g²",
    default: 0.999,
    aliases: ["b2"],
  }),
  epsilon: epsilon(1e-8),
  weightDecay,
};

const momentumFields = { learningRate: learningRate(0.05), momentum, weightDecay };

/** The section `optimizer`. */
export const optimizer = define({
  kind: "variants",
  what: "an optimizer",
  description: "The rule that turns gradients into steps. Every one takes `learningRate` and `weightDecay`.",
  formula: "θ ← θ − η · direction(g)",
  defaultVariant: "adam",
  aliases: ["optimiser", "optim", "solver"],
  synonyms: {
    gd: "sgd",
    "gradient-descent": "sgd",
    nag: "nesterov",
    "sgd-momentum": "momentum",
    "heavy-ball": "momentum",
    "rms-prop": "rmsprop",
  },
  variants: {
    sgd: {
      description: "Plain (stochastic) gradient descent: θ ← θ − ηg.",
      fields: { learningRate: learningRate(0.1), weightDecay },
    },
    momentum: {
      description: "Heavy ball: v ← μv + g, θ ← θ − ηv.",
      fields: momentumFields,
    },
    nesterov: {
      description: "Nesterov's momentum: v ← μv + g, θ ← θ − η(g + μv).",
      fields: momentumFields,
    },
    rmsprop: {
      description:
        "Divides by the root of a running mean of squared gradients: v ← ρv + (1 − ρ)g², θ ← θ − ηg/(√v + ε).",
      fields: {
        learningRate: learningRate(0.01),
        decay: {
          kind: "number",
          atLeast: 0,
          below: 1,
          description:
            "Decay of the running mean of squared gradients, by whose root each parameter's step is divided. It remembers about 1/(1 − ρ) steps.",
          formula: "v ← ρv + (1 − ρ)g²",
          default: 0.99,
          aliases: ["rho", "smoothing"],
        },
        epsilon: epsilon(1e-8),
        weightDecay,
      },
    },
    adam: {
      description:
        "Momentum and a step size of its own for every parameter, both bias-corrected: θ ← θ − η·m̂/(√v̂ + ε).",
      fields: adamFields,
    },
    adamw: {
      description: "Adam with weight decay that acts on the parameters directly (decoupled).",
      fields: adamFields,
    },
    adagrad: {
      description: "Divides by the root of the sum of all squared gradients so far: θ ← θ − ηg/(√Σg² + ε).",
      fields: { learningRate: learningRate(0.1), epsilon: epsilon(1e-10), weightDecay },
    },
  },
});
