import type { WritingStyle } from "./table";

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
      /** How the training file wrote them, where that matters; older runs lack it. */
      written?: WritingStyle;
    }
  | {
      kind: "category";
      column: string;
      impute: string;
      /** One-hot in this order; an unseen category is all zeros. */
      labels: string[];
    }
  | {
      /** One input, 1 for true and 0 for false. */
      kind: "boolean";
      column: string;
      impute: 0 | 1;
    }
  | {
      /** One input: days since 1970-01-01. */
      kind: "date";
      column: string;
      impute: number;
      mean: number;
      scale: number;
      /** As for numbers. */
      written?: WritingStyle;
    }
  | {
      /** Lists of numbers: as many inputs, each imputed and scaled by itself. */
      kind: "vector";
      column: string;
      impute: number[];
      mean: number[];
      scale: number[];
    };

/** How many inputs a feature makes. */
export function inputsOf(feature: FeatureEncoding): number {
  if (feature.kind === "category") return feature.labels.length;
  return feature.kind === "vector" ? feature.mean.length : 1;
}

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
