import { define, defineAll } from "./field";

const column = define({ kind: "text", what: "a column", description: "A column of the data file." });

const fraction = { kind: "number", atLeast: 0, below: 1, unit: "fraction of the rows" } as const;

const split = define({
  kind: "object",
  description:
    "How rows are set apart before anything is fitted to them. Imputation and scaling are fitted on the training rows alone.",
  formula: "training = rows − validation − test",
  fields: {
    validation: {
      ...fraction,
      description:
        "Share of the rows that the network is validated on after each epoch; 0 for none. They show whether it has learned something that holds beyond the training rows.",
      default: 0.2,
      aliases: ["val", "valid", "validationSplit", "validationFraction"],
      defaultText: "`0.2`, or `0` with a `validationFile`",
    },
    test: {
      ...fraction,
      description:
        "Share of the rows that are kept for one last evaluation when the run has ended. Nothing is chosen by them, so that they tell how the network does on rows that it has never met.",
      default: 0,
      aliases: ["testSplit", "testSize", "testFraction"],
    },
    stratify: {
      kind: "boolean",
      description:
        "Classification: keep the classes' shares the same in every part (with `groupBy` as nearly as whole groups allow). Without it a rare class may be missing from a part by chance.",
      default: true,
      aliases: ["stratified"],
    },
    groupBy: {
      kind: "text",
      what: "a column",
      description:
        "A column, such as a patient's number, whose equal values stay together in one part: no group is both trained on and validated on. It is no feature unless `features` names it.",
      optional: true,
      aliases: ["group", "groups", "groupColumn"],
      defaultText: "every row by itself",
    },
    orderBy: {
      kind: "text",
      what: "a column",
      description:
        "A column of dates or numbers in whose order the rows are split: the last are tested on, those before them validated on. Rows of equal value stay together, those without a value are left out, and classes are not kept in proportion. It is no feature unless `features` names it.",
      optional: true,
      aliases: ["order", "sortBy", "timeColumn", "timestamp"],
      defaultText: "at random",
    },
  },
});

/** The section `data`. */
export const dataFields = defineAll({
  file: {
    kind: "text",
    what: "a file",
    description:
      "The data file, relative to this run config: CSV, TSV, JSON, JSON Lines or Parquet. It may not lie outside the workspace.",
    required: true,
    aliases: ["path", "filename", "source", "csv", "parquet", "json", "train", "trainingFile"],
  },
  format: {
    kind: "choice",
    description:
      "The data file's format, where the extension does not tell it. Text files may be compressed (.gz) as well.",
    choices: {
      csv: "Values separated by commas, with a header line.",
      tsv: "Values separated by tabs, with a header line.",
      json: "A JSON list of objects, or an object of columns.",
      jsonl: "One JSON object a line (JSON Lines, NDJSON).",
      parquet: "An Apache Parquet file.",
    },
    synonyms: { ndjson: "jsonl", ldjson: "jsonl", jsonlines: "jsonl", tab: "tsv", pq: "parquet" },
    optional: true,
    aliases: ["type", "fileFormat"],
    defaultText: "told by the file's extension",
  },
  target: {
    kind: "either",
    description:
      "The column to predict, or a list of columns for a regression with several outputs. Texts, yes and no, and few different whole numbers are classes; other numbers are quantities.",
    alternatives: [
      column,
      {
        kind: "list",
        description: "Columns to predict.",
        item: column,
        atLeast: 1,
        distinct: true,
      },
    ],
    required: true,
    aliases: ["label", "labels", "targets", "output", "class", "predict"],
  },
  features: {
    kind: "list",
    description:
      "The columns to predict from. A number is one input, a category one for each of its labels, and a vector one for each element.",
    item: column,
    atLeast: 1,
    distinct: true,
    optional: true,
    aliases: ["inputs", "columns", "feature"],
    defaultText: "every column that is neither target nor ignored",
  },
  ignore: {
    kind: "list",
    description:
      "Columns to leave out, such as an identifier. What the target is computed from belongs here, too: it would give the answer away.",
    item: column,
    distinct: true,
    default: [],
    aliases: ["drop", "exclude", "skip"],
  },
  split,
  validationFile: {
    kind: "text",
    what: "a file",
    description:
      "A file with the same columns to validate on, relative to this run config, instead of a share of the data file. It is prepared as the training rows were.",
    optional: true,
    aliases: ["validation", "valFile"],
  },
  testFile: {
    kind: "text",
    what: "a file",
    description:
      "A file with the same columns for one last evaluation when the run has ended, relative to this run config, instead of a share of the data file. It is prepared as the training rows were.",
    optional: true,
    aliases: ["test", "testPath"],
  },
  standardize: {
    kind: "boolean",
    description:
      "Scale numeric features to mean 0 and standard deviation 1, as they are on the training rows. Gradient descent is slow on unscaled features.",
    formula: "z = (x − mean) / standard deviation",
    default: true,
    aliases: ["normalize", "normalise", "scale", "standardizeFeatures"],
  },
  standardizeTarget: {
    kind: "boolean",
    description:
      "Regression: scale the target likewise. The loss is then that of the scaled target; MAE, RMSE and R² stay in the target's own units.",
    formula: "z = (y − mean) / standard deviation",
    optional: true,
    aliases: ["normalizeTarget", "scaleTarget"],
    defaultText: "as `standardize`",
  },
  missing: {
    kind: "choice",
    description: "What to do with missing values in features. Rows without a target are always left out.",
    choices: {
      impute: "Fill in the mean, or the most frequent category, of the training rows.",
      drop: "Leave out rows with a missing value.",
      error: "Refuse the file.",
    },
    default: "impute",
    aliases: ["missingValues", "na", "nan"],
  },
  badRows: {
    kind: "choice",
    description:
      "What to do with rows that cannot be read: lines with too many or too few values, or that are not JSON. What is left out is counted and named when the run begins.",
    choices: {
      error: "Refuse the file and name the first of them.",
      skip: "Leave them out, count them and name the first of them.",
    },
    default: "error",
    aliases: ["badLines", "onBadLines", "onBadRows", "skipBadRows"],
  },
  classWeights: {
    kind: "choice",
    description:
      "Classification: how much the rows of a class count in the loss. Where one class is rare, balanced weights keep the network from always answering the other.",
    choices: {
      none: "Every row counts the same.",
      balanced:
        "Every class counts the same: a row of class c counts n / (K·n_c), with n training rows, K classes and n_c training rows of the class.",
    },
    synonyms: { auto: "balanced", equal: "balanced", off: "none", null: "none" },
    default: "none",
    aliases: ["classWeight", "weights", "sampleWeights"],
  },
  rows: {
    kind: "number",
    integer: true,
    atLeast: 1,
    atMost: 1_000_000_000,
    unit: "rows",
    description:
      "Read at most so many rows of each file, from its first, for a quick look. The result is that of a smaller file.",
    optional: true,
    examples: [1000, 10_000],
    aliases: ["maxRows", "limit", "nrows"],
    defaultText: "all rows",
  },
});
