/** How a network does on a part of its rows, row by row and class by class, as a page asks for it and as it comes. */

export type Part = "training" | "validation" | "test";

export interface EvaluationRequest {
  part: Part;
}

/** Points of a curve, x ascending. */
export interface CurvePoints {
  x: Float64Array;
  y: Float64Array;
}

export interface EvaluationPart {
  step: number;
  part: Part;
  /** The parts that the run has. */
  parts: Part[];
  /** Rows that were looked at, and how many there are: of very many, some that are evenly spread. */
  rows: number;
  allRows: number;
  classification?: ClassificationReport;
  /** One for each target column. */
  regression?: RegressionReport[];
  /** The rows with the largest loss, the worst first. */
  worst: WorstRow[];
  /** What the network makes of its one or two numeric features; absent where there are others. */
  fit?: FitPicture;
}

export interface ClassificationReport {
  classes: string[];
  /** Rows by true class (row by row) and predicted class: K × K. */
  confusion: Float64Array;
  /** One for each class; null where there is nothing to divide by. */
  perClass: { precision: number | null; recall: number | null; f1: number | null; support: number }[];
  /** Of two classes: how well the second is told from the first at every threshold. */
  binary?: {
    roc: CurvePoints;
    auc: number | null;
    precisionRecall: CurvePoints;
    averagePrecision: number | null;
  };
  /** In bins of the probability of the predicted class: its mean, the share that was right, and how many rows. */
  calibration: { confidence: Float64Array; accuracy: Float64Array; count: Float64Array };
  /** Expected calibration error: the mean of |accuracy − confidence| over rows. */
  calibrationError: number;
}

export interface RegressionReport {
  target: string;
  mae: number;
  rmse: number;
  /** null where all values are the same. */
  r2: number | null;
  /** Some rows, evenly spread, in the target's own units. */
  actual: Float64Array;
  predicted: Float64Array;
  /** Residuals (predicted − actual) of all rows in bins of equal width: edges are one more than counts. */
  histogram: { edges: Float64Array; counts: Float64Array };
}

export interface WorstRow {
  /** From 1, of the table that it was read from. */
  row: number;
  /** Where it starts in its file, from 1; null where the format has no lines or it is not known. */
  line: number | null;
  /** The file, as the run config names it. */
  file: string | null;
  /** The class, or the values in their own units. */
  actual: string;
  predicted: string;
  loss: number;
}

/** One or two numeric features against what the network says, in the data's own units. */
export interface FitPicture {
  features: string[];
  /** Lowest and highest value of each feature. */
  ranges: [low: number, high: number][];
  /** Points along each feature. */
  size: number;
  /**
   * At size (one feature) or size × size points (the first feature runs fastest, from its lowest value): regression, the value of the
   * first target; classification, the index of the predicted class.
   */
  values: Float64Array;
  /** Classification: the probability of the predicted class there. */
  confidence?: Float64Array;
  /** Some rows: their features, and their class or value. */
  points: { x: Float64Array; y: Float64Array; target: Float64Array };
}

/** How much worse the loss becomes when a feature's values are dealt out anew among the rows. */
export interface ImportancePart {
  step: number;
  part: Part;
  /** Mean loss as it is. */
  loss: number;
  rows: number;
  /** Those that are done so far, in the order of the features. */
  features: { name: string; increase: number; deviation: number }[];
  of: number;
}

export interface ImportanceRequest {
  part: Part;
}

/** The features that a form asks for. */
export interface PredictRequest {
  /** Texts as in the data file, by column; "" is a missing value. null: only the form is wanted. */
  values: Record<string, string> | null;
}

export interface PredictPart {
  step: number;
  features: FormFeature[];
  /** Classes with their probabilities, the likeliest first; or target columns with their values. */
  prediction: { label: string; value: number }[] | null;
  /** What has to be said about the row, one sentence each. */
  notes: string[];
}

export interface FormFeature {
  name: string;
  kind: "number" | "category" | "boolean" | "date" | "vector";
  /** What stands for a missing value, as text. */
  usual: string;
  labels?: string[];
}

export interface NetworkPart {
  step: number;
  layers: LayerPicture[];
  /** Training rows that gradients and activations are means of. */
  rows: number;
  inputNames: string[];
  outputNames: string[];
}

export interface LayerPicture {
  inputs: number;
  units: number;
  activation: string;
  /** The units, and the inputs, that are drawn of a wide layer: indices. */
  shownUnits: number[];
  shownInputs: number[];
  /** shownUnits × shownInputs. */
  weights: Float64Array;
  bias: Float64Array;
  /** Mean over rows of what each shown unit puts out. */
  activations: Float64Array;
  weightHistogram: Histogram;
  gradientHistogram: Histogram;
  /** First layer, where its inputs are an image: the weights of some units, each side × side. */
  images?: { side: number; units: number[]; weights: Float64Array };
}

export interface Histogram {
  edges: Float64Array;
  counts: Float64Array;
  mean: number;
  deviation: number;
}
