/** Messages about a data file: between the worker that describes it, the host, and the webview that shows it. */

import type { DataFormat } from "../config/runConfig";

/** A data file, column by column. */
export interface DataDescription {
  /** How messages call the file. */
  file: string;
  bytes: number;
  rows: number;
  /** False when only the first rows were read. */
  complete: boolean;
  columns: readonly DescribedColumn[];
  /** All columns by name, the likeliest target first. */
  targets: readonly string[];
  /** What is odd about the table as a whole, one sentence each. */
  notes: readonly string[];
}

export type DescribedType = "number" | "category" | "boolean" | "date" | "vector" | "text" | "empty";

/** As `data/description.ts` says, where it is made. */
export interface DescribedColumn {
  name: string;
  type: DescribedType;
  missing: number;
  distinct: number;
  /** There may be more than `distinct`. */
  distinctAtLeast: boolean;
  /** Of dates in days since 1970-01-01, of vectors over all their elements. */
  numbers: {
    min: number;
    max: number;
    mean: number;
    median: number;
    deviation: number;
    integers: boolean;
  } | null;
  /** Elements of each vector. */
  length: number | null;
  /** The most frequent values first. */
  values: readonly { label: string; count: number }[];
  histogram: { edges: readonly number[]; counts: readonly number[] } | null;
  warnings: readonly { label: string; message: string }[];
  /** What training would do if the column were the target; null where it cannot be one. */
  task: "classification" | "regression" | null;
}

/** Host → worker, as workerData. */
export interface StartDescription {
  /** Absolute path. */
  file: string;
  /** Where the extension does not tell it. */
  format?: DataFormat;
  /** At most so many rows are read. */
  rows?: number;
  /** Of a larger file only the beginning is read. */
  mostBytes?: number;
  /** What becomes of rows that cannot be read; by default the file is refused. */
  badRows?: "error" | "skip";
}

/** Worker → host. */
export type DescriptionEvent =
  /** A sentence and a fraction done, if known. */
  | { type: "loading"; message: string; fraction: number | null }
  | { type: "described"; description: DataDescription }
  /** The file is no table that can be read; or, with `fault`, something is wrong in Downhill. One sentence. */
  | { type: "failed"; message: string; fault: boolean };

/** Host → webview. */
export type ToDescriptionView = { version: number; path: string } & (
  | { type: "description"; description: DataDescription }
  /** A sentence and a fraction done, if known. */
  | { type: "loading"; message: string; fraction: number | null }
  | { type: "failed"; message: string }
);

/** Webview → host. */
export type FromDescriptionView =
  /** Sent once when the page has loaded. */
  | { type: "ready"; version: number }
  | { type: "createConfig" | "train"; target: string }
  | { type: "cancel" | "again" | "openFile" };
