import type { ColumnType } from "./table";

/** What a table looks like, column by column: plain data, made by `describe.ts`. */
export interface TableDescription {
  /** How messages call the file. */
  readonly file: string;
  readonly rows: number;
  readonly columns: readonly ColumnDescription[];
  /** All columns by name, the likeliest target first. */
  readonly targets: readonly string[];
  /** What the reader noticed, and what is odd about the table as a whole: one sentence each. */
  readonly notes: readonly string[];
}

export interface ColumnDescription {
  readonly name: string;
  readonly type: ColumnType;
  /** Rows without a value. */
  readonly missing: number;
  /** How many different values there are; with `distinctAtLeast` there may be more. */
  readonly distinct: number;
  readonly distinctAtLeast: boolean;
  /** Of numbers, vectors (all their elements) and dates (days since 1970-01-01). */
  readonly numbers: NumberSummary | null;
  /** Elements of each vector. */
  readonly length: number | null;
  /** The most frequent values, where values can be classes; the most frequent first. */
  readonly values: readonly ValueCount[];
  /** How the numbers are spread. */
  readonly histogram: Histogram | null;
  readonly warnings: readonly Warning[];
  /** What training would do if the column were the target; null where it cannot be one. */
  readonly task: "classification" | "regression" | null;
}

/** Of the finite values. */
export interface NumberSummary {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly median: number;
  /** Population standard deviation: what standardisation divides by. */
  readonly deviation: number;
  /** Every value is an integer. */
  readonly integers: boolean;
}

export interface ValueCount {
  readonly label: string;
  readonly count: number;
}

/** Bin i holds the values from edges[i] up to edges[i + 1], which belongs to the next bin but in the last. */
export interface Histogram {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/** Something to know before training on the column. */
export interface Warning {
  /** A word or two, for a label. */
  readonly label: string;
  /** One sentence: what, and what to do. */
  readonly message: string;
}
