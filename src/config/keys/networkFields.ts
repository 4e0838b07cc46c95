import { define, defineAll } from "./field";
import type { ActivationName, InitializerName } from "../runConfig";

const activations = {
  identity: "x: no activation.",
  relu: "max(0, x).",
  "leaky-relu": "x where x > 0, else 0.01·x.",
  elu: "x where x > 0, else eˣ − 1.",
  tanh: "The hyperbolic tangent, between −1 and 1.",
  sigmoid: "1 / (1 + e⁻ˣ), between 0 and 1.",
  softplus: "log(1 + eˣ), a smooth relu.",
  silu: "x·sigmoid(x), also called swish.",
  gelu: "x·Φ(x) with the normal distribution function Φ, exact.",
} as const satisfies Record<ActivationName, string>;

const activation = {
  kind: "choice",
  choices: activations,
  synonyms: { linear: "identity", none: "identity", swish: "silu", logistic: "sigmoid", lrelu: "leaky-relu" },
} as const;

const units = {
  kind: "number",
  integer: true,
  atLeast: 1,
  atMost: 1_000_000,
  examples: [8, 16, 32, 64],
} as const;

const initializers = {
  auto: "He for relu, leaky-relu, elu, silu, gelu and softplus layers, Glorot otherwise.",
  "he-normal": "Normal with variance 2 / inputs.",
  "he-uniform": "Uniform with variance 2 / inputs.",
  "glorot-normal": "Normal with variance 2 / (inputs + units).",
  "glorot-uniform": "Uniform with variance 2 / (inputs + units).",
  zeros: "All weights zero: sensible only without hidden layers, whose units would all stay the same.",
} as const satisfies Record<InitializerName, string>;

const layer = define({
  kind: "either",
  description: "A hidden layer: its number of units, or an object.",
  alternatives: [
    { ...units, description: "Units of a hidden layer with the network's activation." },
    {
      kind: "object",
      description: "A hidden layer with its own activation.",
      fields: {
        units: {
          ...units,
          description: "Number of units. Each has a weight for every unit of the layer before, and a bias.",
          required: true,
          aliases: ["size", "width", "neurons", "nodes"],
        },
        activation: {
          ...activation,
          description: "The layer's activation function. It bends what would be a linear layer.",
          formula: "a = φ(Wx + b)",
          optional: true,
          defaultText: "the network's `activation`",
        },
      },
    },
  ],
});

/** The section `network`. */
export const networkFields = defineAll({
  hidden: {
    kind: "list",
    description:
      "The hidden layers from input to output, each a number of units or an object with `units` and `activation`. An empty list makes a linear model.",
    formula: "a₁ = φ(W₁x + b₁), a₂ = φ(W₂a₁ + b₂), …",
    item: layer,
    atMost: 100,
    default: [16],
    examples: [[16], [32, 16], [{ units: 16, activation: "tanh" }], []],
    aliases: ["layers", "hiddenLayers", "hiddenUnits"],
  },
  activation: {
    ...activation,
    description:
      "The activation function of hidden layers that name none of their own. Without one between them, layers would make a linear model together.",
    formula: "a = φ(Wx + b)",
    default: "relu",
    aliases: ["nonlinearity", "activationFunction"],
  },
  initializer: {
    kind: "choice",
    description:
      "How the weights are drawn before the first step, so that signals neither fade nor explode from layer to layer. Biases start at zero.",
    choices: initializers,
    synonyms: {
      he: "he-normal",
      glorot: "glorot-uniform",
      xavier: "glorot-uniform",
      "xavier-normal": "glorot-normal",
      "xavier-uniform": "glorot-uniform",
      kaiming: "he-normal",
      "kaiming-normal": "he-normal",
      "kaiming-uniform": "he-uniform",
      zero: "zeros",
    },
    default: "auto",
    aliases: ["init", "initialization"],
  },
  dropout: {
    kind: "number",
    atLeast: 0,
    below: 1,
    unit: "probability",
    description:
      "Probability that a hidden unit is dropped in a training step. What is kept is scaled up by 1/(1 − dropout), so that nothing changes when evaluating.",
    formula: "a ← a · mask / (1 − p)",
    default: 0,
    examples: [0.2, 0.5],
    aliases: ["dropoutRate"],
  },
  initialWeights: {
    kind: "text",
    what: "a file or a run",
    description:
      "Weights to start from instead of drawing them: a safetensors file (`layers.0.weight` [out, in], `layers.0.bias` [out], `layers.1.weight` and so on, or a PyTorch state dict whose shapes fit) or a run's folder, relative to this run config, or the name of a run in `.downhill/runs`. The layers must have the same sizes.",
    optional: true,
    aliases: ["weights", "pretrained", "startFrom"],
  },
});
