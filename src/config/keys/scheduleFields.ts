import { define } from "./field";

const warmupSteps = define({
  kind: "number",
  integer: true,
  atLeast: 0,
  atMost: 1_000_000_000,
  unit: "steps",
  description:
    "Optimizer steps at the start over which the learning rate rises linearly to its scheduled value. First gradients are large and Adam's averages still poor, so that short steps help.",
  formula: "η · min(1, step / warmupSteps)",
  default: 0,
  aliases: ["warmup"],
});

/** The section `schedule`. */
export const schedule = define({
  kind: "variants",
  what: "a schedule",
  description: "How the learning rate changes during the run. Every schedule takes `warmupSteps`.",
  formula: "η(t)",
  defaultVariant: "constant",
  aliases: ["scheduler", "learningRateSchedule", "lrSchedule"],
  synonyms: {
    none: "constant",
    "step-decay": "step",
    "exponential-decay": "exponential",
    "cosine-annealing": "cosine",
    plateau: "reduce-on-plateau",
    "reduce-lr-on-plateau": "reduce-on-plateau",
  },
  variants: {
    constant: {
      description: "The learning rate stays as it is.",
      fields: { warmupSteps },
    },
    step: {
      description: "Multiplies the learning rate by `factor` every `every` epochs.",
      fields: {
        every: {
          kind: "number",
          integer: true,
          atLeast: 1,
          atMost: 1_000_000_000,
          unit: "epochs",
          description: "Epochs between two changes. Fewer bring the learning rate down sooner.",
          default: 10,
          aliases: ["stepSize", "interval", "period"],
        },
        factor: {
          kind: "number",
          above: 0,
          description:
            "What the learning rate is multiplied by at each change. 0.1 makes steps ten times shorter.",
          formula: "η · factor^⌊epoch / every⌋",
          default: 0.1,
          aliases: ["gamma"],
        },
        warmupSteps,
      },
    },
    exponential: {
      description: "Multiplies the learning rate by `factor` after every epoch.",
      fields: {
        factor: {
          kind: "number",
          above: 0,
          description:
            "What the learning rate is multiplied by after every epoch. 0.95 halves it in 14 epochs.",
          formula: "η · factor^epoch",
          default: 0.95,
          aliases: ["gamma", "decay"],
        },
        warmupSteps,
      },
    },
    cosine: {
      description: "Lowers the learning rate along half a cosine to `final` at the end of the run.",
      fields: {
        final: {
          kind: "number",
          atLeast: 0,
          description: "The learning rate at the end of the run. 0 lets the last steps fade out.",
          formula: "final + (η − final)(1 + cos πt/T) / 2",
          default: 0,
          aliases: ["min", "minimum", "etaMin"],
        },
        warmupSteps,
      },
    },
    "one-cycle": {
      description:
        "Raises the learning rate from a 25th of `peak` to `peak` and then lowers it far below its start.",
      fields: {
        peak: {
          kind: "number",
          above: 0,
          description:
            "The largest learning rate of the cycle. It may be larger than a constant one could be.",
          optional: true,
          defaultText: "the optimizer's `learningRate`",
          examples: [0.01, 0.1, 1],
          aliases: ["max", "maximum", "maxLearningRate"],
        },
        warmupSteps,
      },
    },
    "reduce-on-plateau": {
      description: "Multiplies the learning rate by `factor` when the watched loss has stopped falling.",
      fields: {
        factor: {
          kind: "number",
          above: 0,
          below: 1,
          description:
            "What the learning rate is multiplied by at each reduction. 0.1 makes steps ten times shorter.",
          formula: "η ← η · factor",
          default: 0.1,
          aliases: ["gamma"],
        },
        patience: {
          kind: "number",
          integer: true,
          atLeast: 0,
          atMost: 1_000_000_000,
          unit: "epochs",
          description:
            "So many epochs in a row without an improvement are waited out; the next one reduces the rate. Noisy losses need more.",
          default: 10,
        },
        warmupSteps,
      },
    },
  },
});
