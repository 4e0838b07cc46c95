/**
 * How raw rows become numbers: fitted on the training rows alone, plain JSON, stored with the run so that
 * predictions can be made on raw rows later.
 */
export interface Preparation {
  features: FeatureEncoding[];
  /** Width of an encoded row. */
  inputSize: number;
  /** One name per encoded input: "petal_width", or "island=Dream" for a one-hot input. */
  inputNames: string[];
  target: TargetEncoding;
}

export type FeatureEncoding =
  | {
      kind: "number";
      column: string;
      /** What replaces a missing value. */
      impute: number;
      /** encoded = (value − mean) / scale; 0 and 1 when not standardised. */
      mean: number;
      scale: number;
    }
  | {
      kind: "category";
      column: string;
      impute: string;
      /** One-hot in this order; an unseen category is all zeros. */
      labels: string[];
    };

export type TargetEncoding =
  | {
      task: "classification";
      column: string;
      /** Sorted: numbers by value, strings by code point. */ classes: string[];
    }
  | {
      task: "regression";
      columns: string[];
      /** encoded = (value − mean) / scale, one per column. */
      mean: number[];
      scale: number[];
    };
