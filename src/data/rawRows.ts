/** New rows for a trained network: a stored preparation applied to any file that has its columns. */
import { encodeInputs, unscaleTargets, type EncodedInputs } from "./encode";
import type { Preparation, TargetEncoding } from "./preparation";
import { readAlike, stylesOf } from "./readAlike";
import { noteImputed, noteUnseen } from "./replacements";
import { allRows, type Table } from "./table";

/** The inputs of raw rows, in the order in which `run.json` names them (`preparation.inputNames`). */
export interface EncodedRows extends EncodedInputs {
  readonly count: number;
  /** What the reader and the encoding had to say, one sentence each. */
  readonly notes: string[];
}

/**
 * Encodes raw rows as the rows of the run were. Columns may stand in any order and there may be others; a target
 * is not needed. A missing value is imputed, whatever `missing` said of the run's own file, and a category that the fit
 * has not seen is all zeros: both are counted per column.
 *
 * @param rows the table's rows to encode, by default all
 * @throws DataError when a column is missing or does not hold what it held in the fit
 */
export function encodeRawRows(
  preparation: Preparation,
  table: Table,
  rows: Uint32Array = allRows(table),
): EncodedRows {
  const notes = [...table.notes];
  const encoded = encodeInputs(preparation, readAlike(table, stylesOf(preparation), notes), rows);
  noteImputed([encoded], notes);
  noteUnseen(encoded, preparation, "row", notes);
  return { ...encoded, count: rows.length, notes };
}

/** What outputs of the network mean in the terms of the data file. */
export type DecodedOutputs =
  | {
      task: "classification";
      /** rows × classes, row-major; each row sums to 1. */
      probabilities: Float64Array;
      /** One per row: an index into `target.classes`. */
      predicted: Uint32Array;
    }
  | {
      task: "regression";
      /** rows × target columns, row-major, in the target's own units. */
      values: Float64Array;
    };

/**
 * Makes probabilities of logits, or numbers in the target's own units of scaled ones.
 *
 * @param outputs the network's, before any softmax or sigmoid: rows × outputs, row-major
 * @param width outputs of a row: 1 for a binary cross-entropy, else one per class or target column
 */
export function decodeOutputs(
  target: TargetEncoding,
  outputs: Float32Array | Float64Array,
  width: number,
): DecodedOutputs {
  if (target.task === "regression") return { task: "regression", values: unscaleTargets(target, outputs) };
  const classes = target.classes.length;
  const rows = outputs.length / width;
  const probabilities = new Float64Array(rows * classes);
  const predicted = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    const logits = outputs.subarray(row * width, (row + 1) * width);
    // The logit of the second class against 0 for the first: the sigmoid is the softmax of the two.
    const shares = softmax(width === 1 ? Float64Array.of(0, logits[0]) : logits);
    probabilities.set(shares, row * classes);
    predicted[row] = shares.indexOf(Math.max(...shares));
  }
  return { task: "classification", probabilities, predicted };
}

function softmax(logits: Float32Array | Float64Array): Float64Array {
  // The largest exponent is 0, so that nothing overflows.
  const largest = Math.max(...logits);
  const powers = Float64Array.from(logits, (logit) => Math.exp(logit - largest));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}
