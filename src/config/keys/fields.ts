/**
 * Every key of a run config, described once. Validation and defaults (`validate.ts`), the JSON schema
 * (`schema.ts`) and the hover texts (`documentation.ts`) are read off from here.
 */
import { dataFields } from "./dataFields";
import { engine } from "./engineFields";
import { define } from "./field";
import { functionField } from "./functionFields";
import type { Fields, ValueOf } from "./field";
import { networkFields } from "./networkFields";
import { optimizer } from "./optimizerFields";
import type { LossName, Task } from "../runConfig";
import { schedule } from "./scheduleFields";

const tasks = {
  classification: "Predict a class.",
  regression: "Predict one or more numbers.",
} as const satisfies Record<Task, string>;

const losses = {
  mse: "Regression: the mean squared error, (ŷ − y)².",
  mae: "Regression: the mean absolute error, |ŷ − y|, less moved by outliers.",
  "binary-cross-entropy": "Classification with two classes and one output: log(1 + eᶻ) − zy.",
  "categorical-cross-entropy":
    "Classification with one output for each class: log Σ eᶻ − z of the right class.",
} as const satisfies Record<LossName, string>;

export const runConfigField = define({
  kind: "object",
  description: "A Downhill run: which network to train on which data, and how.",
  fields: {
    $schema: {
      kind: "text",
      what: "a JSON schema",
      description: "The JSON schema of this file, for other editors. It does not change the run.",
      optional: true,
    },
    data: {
      kind: "object",
      description:
        "The data file and how its columns become inputs and targets. How they were prepared is stored with the run, so that it can predict other rows.",
      fields: dataFields,
      required: true,
      aliases: ["dataset"],
    },
    task: {
      kind: "choice",
      description:
        "What is learnt from the target: which class a row belongs to, or how large a quantity is. It decides which losses and metrics there are.",
      choices: tasks,
      synonyms: { classify: "classification", classifier: "classification", regress: "regression" },
      optional: true,
      defaultText: "inferred from the target and the loss",
      aliases: ["problem"],
    },
    network: {
      kind: "object",
      description: "The network: fully connected layers from the features to the outputs.",
      fields: networkFields,
      aliases: ["model", "net", "architecture"],
    },
    loss: {
      kind: "choice",
      description:
        "What is minimised: the mean over samples of a per-sample error. Cross-entropies are computed from logits z, without rounding them to probabilities first.",
      formula: "f(θ) = (1/n) Σ ℓ(ŷ(xᵢ; θ), yᵢ)",
      choices: losses,
      synonyms: {
        l2: "mse",
        "mean-squared-error": "mse",
        "squared-error": "mse",
        l1: "mae",
        "mean-absolute-error": "mae",
        bce: "binary-cross-entropy",
        "log-loss": "binary-cross-entropy",
        logistic: "binary-cross-entropy",
        ce: "categorical-cross-entropy",
        cce: "categorical-cross-entropy",
        "cross-entropy": "categorical-cross-entropy",
        "softmax-cross-entropy": "categorical-cross-entropy",
        "sparse-categorical-cross-entropy": "categorical-cross-entropy",
      },
      optional: true,
      defaultText:
        "`mse` for regression, `binary-cross-entropy` for two classes, `categorical-cross-entropy` for more",
      aliases: ["criterion", "lossFunction", "objective", "cost"],
    },
    optimizer,
    schedule,
    batchSize: {
      kind: "either",
      description:
        'How many rows make one step, or `"full"` for all of them: plain gradient descent. Larger batches have less noisy gradients and make fewer steps.',
      formula: "g = (1/b) Σ ∇ℓᵢ; ⌈rows / b⌉ steps an epoch",
      alternatives: [
        {
          kind: "number",
          integer: true,
          atLeast: 1,
          atMost: 1_000_000_000,
          unit: "rows",
          description: "Rows of a step.",
        },
        { kind: "choice", description: "All rows.", choices: { full: "All training rows in every step." } },
      ],
      default: 32,
      examples: [16, 32, 64, 128, "full"],
      aliases: ["batch", "minibatch", "miniBatchSize"],
    },
    epochs: {
      kind: "number",
      integer: true,
      atLeast: 1,
      atMost: 1_000_000_000,
      unit: "epochs",
      description:
        "How often the training rows are gone through. After each the network is evaluated on all training and validation rows.",
      formula: "steps = epochs · ⌈rows / batchSize⌉",
      default: 100,
      aliases: ["iterations", "maxEpochs", "numEpochs", "nEpochs"],
    },
    shuffle: {
      kind: "boolean",
      description:
        "Put the training rows in a new order before every epoch. In the order of a sorted file, every batch would pull elsewhere.",
      default: true,
    },
    seed: {
      kind: "number",
      integer: true,
      atLeast: 0,
      atMost: 4_294_967_295,
      description:
        "Where the random numbers of split, initial weights, shuffling and dropout start. The same seed gives the same run, bit for bit.",
      default: 1,
      aliases: ["randomSeed", "randomState"],
    },
    gradientClipNorm: {
      kind: "number",
      above: 0,
      description:
        "Scale the gradient of a step down to this L2 norm where it is larger. It keeps a single steep step from throwing the parameters far away.",
      formula: "g ← g · min(1, c / ‖g‖)",
      optional: true,
      defaultText: "no clipping",
      examples: [1],
      aliases: ["clipNorm", "gradientClip", "gradClip", "maxGradNorm", "clip"],
    },
    earlyStopping: {
      kind: "object",
      description:
        "End the run when the validation loss has stopped falling (without validation rows: the training loss). More epochs would learn the training rows by heart.",
      optional: true,
      defaultText: "the run makes all its epochs",
      fields: {
        patience: {
          kind: "number",
          integer: true,
          atLeast: 1,
          atMost: 1_000_000_000,
          unit: "epochs",
          description:
            "Epochs without an improvement before the run ends. A noisy validation loss needs more.",
          default: 10,
          aliases: ["wait"],
        },
        minDelta: {
          kind: "number",
          atLeast: 0,
          unit: "loss",
          description: "By how much the loss must fall to count as an improvement. 0 counts every fall.",
          default: 0,
          aliases: ["delta", "tolerance", "threshold"],
        },
        restoreBest: {
          kind: "boolean",
          description:
            "End with the parameters of the best epoch rather than the last one. The best is the one with the lowest watched loss.",
          default: true,
          aliases: ["restoreBestWeights"],
        },
      },
    },
    startSeed: {
      kind: "number",
      integer: true,
      atLeast: 0,
      atMost: 4_294_967_295,
      description:
        "Where the random numbers of the start alone begin: those of the initial weights, or of a function's random start. Split, shuffling and dropout keep to `seed`.",
      optional: true,
      defaultText: "`seed`",
      aliases: ["weightSeed", "initSeed"],
    },
    compare: {
      kind: "list",
      description:
        "Runs to train side by side: each entry has keys that take the place of those of this run config, so that all have the same start and the same batches where it changes neither.",
      item: {
        kind: "overrides",
        description:
          "One run: a `name`, and what is different in it. Of an object only the keys that are written change; another `type` replaces the whole optimizer or schedule; `null` leaves a key out.",
        fields: overridableFields,
      },
      atLeast: 1,
      atMost: 24,
      optional: true,
      defaultText: "one run, as this run config says",
      examples: [
        [
          { name: "sgd", optimizer: { type: "sgd" } },
          { name: "adam", optimizer: { type: "adam" } },
        ],
      ],
      aliases: ["comparison", "variants", "experiments", "grid"],
    },
    starts: {
      kind: "number",
      integer: true,
      atLeast: 1,
      atMost: 100,
      unit: "runs",
      description:
        "Make the same run from so many starting points: start i has the `startSeed` `seed` + i − 1, so that the first is the run on its own. With `compare`, each of its entries.",
      default: 1,
      aliases: ["restarts", "repeats", "numStarts"],
    },
    folds: {
      kind: "unavailable",
      description: "Cross-validation: train once for each of so many parts, which is then validated on.",
    },
    function: functionField,
    steps: {
      kind: "number",
      integer: true,
      atLeast: 1,
      atMost: 1_000_000_000,
      unit: "steps",
      description:
        "With `function`: how many steps to make at most. The descent may end sooner, at `gradientTolerance`.",
      optional: true,
      defaultText: "`1000`",
      examples: [1000, 10_000],
      aliases: ["maxSteps", "numSteps"],
    },
    gradientTolerance: {
      kind: "number",
      atLeast: 0,
      description:
        "With `function`: the descent ends where the gradient norm is at most this. 0 lets it make all its steps.",
      formula: "‖∇f‖ ≤ tolerance",
      optional: true,
      defaultText: "`1e-6`",
      examples: [1e-6, 1e-3, 0],
      aliases: ["gtol"],
    },
    engine,
  },
});

/** What a valid run config says, with plain defaults filled in; `resolve.ts` makes the `RunConfig` of it. */
export type ConfigValues = ValueOf<typeof runConfigField>;

/** What an entry of `compare` may say: all but what tells how many runs there are. */
function overridableFields(): Fields {
  const { $schema: _schema, compare: _compare, starts: _starts, ...fields } = runConfigField.fields;
  return { name: nameOfEntry, ...fields };
}

const nameOfEntry = define({
  kind: "text",
  what: "a run",
  description: "What this run is called in charts, events and the list of runs.",
  optional: true,
  defaultText: "what it changes",
});
