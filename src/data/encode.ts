import { codesAsNumbers } from "./codes";
import { positionsOf } from "./columnLabels";
import { DataError } from "./dataError";
import { inputsOf, type FeatureEncoding, type Preparation, type TargetEncoding } from "./preparation";
import { truthOf } from "./readers/booleans";
import type { Samples } from "./samples";
import {
  columnNamed,
  columnNames,
  placeOf,
  type BooleanColumn,
  type Column,
  type Table,
  type VectorColumn,
} from "./table";
import { counted, didYouMean, digits, listed, quoted } from "./wording";

/** Encoded rows, and what had to be replaced on the way. */
export interface EncodedInputs {
  /** rows × inputSize, row-major, in shared memory where there is any. */
  readonly inputs: Float32Array;
  /** Per column: how many values were missing and were imputed. */
  readonly imputed: Map<string, number>;
  /** Per column: how many labels the fit had not seen; they are all zeros, in place of true or false imputed. */
  readonly unseen: Map<string, number>;
}

/** Writes one feature of the rows at positions [from, to) of `rows`, from `offset` on in each encoded row. */
type Encoder = (inputs: Float32Array, rows: Uint32Array, from: number, to: number, offset: number) => void;

/**
 * Applies a fitted preparation to rows of any table with the same columns; targets are not needed.
 *
 * @throws DataError when a column is missing or does not hold what it held in the fit
 */
export function encodeInputs(preparation: Preparation, table: Table, rows: Uint32Array): EncodedInputs {
  const { features, inputSize } = preparation;
  const missing = features
    .map((feature) => feature.column)
    .filter((name) => columnNamed(table, name) === null);
  if (missing.length > 0) {
    const several = missing.length > 1;
    throw new DataError(
      `${table.file} lacks the column${several ? "s" : ""} ${listed(missing)} that the network reads; add ${several ? "them" : "it"}.` +
        (several ? "" : didYouMean(missing[0], columnNames(table))),
    );
  }
  const inputs = sharedFloats(rows.length * inputSize, table);
  const imputed = new Map<string, number>();
  const unseen = new Map<string, number>();
  const count = (counts: Map<string, number>, name: string): void => {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  };
  const encoders = features.map((feature) => {
    const onImputed = (): void => count(imputed, feature.column);
    const onUnseen = (): void => count(unseen, feature.column);
    const column = columnNamed(table, feature.column) as Column;
    const encode = encoderFor(feature, column, table, inputSize, onImputed, onUnseen);
    return { encode, width: inputsOf(feature) };
  });
  // Blocks of rows, and columns within: both the table's columns and the encoded rows then stay in the cache.
  const block = 256;
  for (let from = 0; from < rows.length; from += block) {
    const to = Math.min(from + block, rows.length);
    let offset = 0;
    for (const { encode, width } of encoders) {
      encode(inputs, rows, from, to, offset);
      offset += width;
    }
  }
  return { inputs, imputed, unseen };
}

function encoderFor(
  feature: FeatureEncoding,
  column: Column,
  table: Table,
  width: number,
  onImputed: () => void,
  onUnseen: () => void,
): Encoder {
  switch (feature.kind) {
    case "number":
    case "date": {
      const numbers = numbersOf(column, table, feature.kind);
      return numberEncoder(feature, numbers, table, width, onImputed);
    }
    case "vector":
      return vectorEncoder(feature, vectorsOf(feature, column, table), table, width, onImputed);
    case "boolean":
      return booleanEncoder(feature, booleansOf(column, table), width, onImputed, onUnseen);
    case "category":
      return labelEncoder(feature, column, table, width, onImputed, onUnseen);
  }
}

interface NamedNumbers {
  readonly name: string;
  readonly values: Float64Array;
}

/** A column without any value reads as one of numbers whatever it should hold. */
function isEmpty(column: Column, table: Table): boolean {
  return column.missing === table.rowCount;
}

/** @throws DataError naming the first value that is no number, or no date */
function numbersOf(column: Column, table: Table, kind: "number" | "date"): NamedNumbers {
  if (column.kind === kind) return column;
  if (column.kind === "number" && isEmpty(column, table)) return column;
  const codes = kind === "number" ? codesAsNumbers(column) : null;
  if (codes !== null) return codes;
  return refuseColumn(column, table, kind === "number" ? "numbers" : "dates");
}

/**
 * @returns codes as a boolean column's, and −2 for other words
 * @throws DataError when the column holds something else than words
 */
function booleansOf(column: Column, table: Table): Pick<BooleanColumn, "codes"> {
  if (column.kind === "boolean") return column;
  if (column.kind === "category") {
    const truths = column.labels.map((label) => truthOf(label) ?? -2);
    return { codes: column.codes.map((code) => (code < 0 ? -1 : truths[code])) };
  }
  if (isEmpty(column, table)) return { codes: new Int32Array(table.rowCount).fill(-1) };
  return refuseColumn(column, table, "true and false, or yes and no");
}

/** @throws DataError when the column holds something else, or vectors of another width */
function vectorsOf(
  feature: FeatureEncoding & { kind: "vector" },
  column: Column,
  table: Table,
): Pick<VectorColumn, "name" | "values" | "width"> {
  const width = feature.mean.length;
  if (column.kind === "vector" && column.width === width) return column;
  if (isEmpty(column, table))
    return { name: column.name, width, values: new Float64Array(table.rowCount * width).fill(NaN) };
  return refuseColumn(column, table, `lists of ${counted(width, "number")}`);
}

function refuseColumn(column: Column, table: Table, wanted: string): never {
  const name = `Column ${quoted(column.name)} of ${table.file}`;
  if (column.kind === "number" || column.kind === "vector") {
    const found = column.kind === "number" ? "numbers" : `lists of ${counted(column.width, "number")}`;
    throw new DataError(`${name} should hold ${wanted}, but holds ${found}; correct it.`);
  }
  if (column.kind === "text" && column.because !== undefined)
    throw new DataError(`${name} should hold ${wanted}, but ${column.because}; correct it.`);
  const { firstRow, firstValue } = column.text;
  throw new DataError(
    `${name} should hold ${wanted}, but ${placeOf(table, firstRow)} has ${quoted(firstValue)}; correct or empty it.`,
  );
}

function vectorEncoder(
  { impute, mean, scale }: FeatureEncoding & { kind: "vector" },
  { name, values, width }: Pick<VectorColumn, "name" | "values" | "width">,
  table: Table,
  inputSize: number,
  onImputed: () => void,
): Encoder {
  return (encoded, rows, from, to, offset) => {
    for (let at = from; at < to; at++) {
      const start = rows[at] * width;
      const out = at * inputSize + offset;
      for (let element = 0; element < width; element++) {
        let value = values[start + element];
        if (Number.isNaN(value)) {
          value = impute[element];
          onImputed();
        }
        encoded[out + element] = (value - mean[element]) / scale[element];
        if (!Number.isFinite(encoded[out + element])) refuseInfinite(name, value, rows[at], table);
      }
    }
  };
}

function booleanEncoder(
  { impute }: { impute: 0 | 1 },
  { codes }: Pick<BooleanColumn, "codes">,
  width: number,
  onImputed: () => void,
  onUnseen: () => void,
): Encoder {
  return (inputs, rows, from, to, offset) => {
    for (let at = from; at < to; at++) {
      const code = codes[rows[at]];
      if (code === -1) onImputed();
      else if (code < 0) onUnseen();
      inputs[at * width + offset] = code < 0 ? impute : code;
    }
  };
}

function numberEncoder(
  { impute, mean, scale }: { impute: number; mean: number; scale: number },
  { name, values }: NamedNumbers,
  table: Table,
  width: number,
  onImputed: () => void,
): Encoder {
  return (encoded, rows, from, to, offset) => {
    for (let at = from; at < to; at++) {
      let value = values[rows[at]];
      if (Number.isNaN(value)) {
        value = impute;
        onImputed();
      }
      const index = at * width + offset;
      encoded[index] = (value - mean) / scale;
      if (!Number.isFinite(encoded[index])) refuseInfinite(name, value, rows[at], table);
    }
  };
}

function labelEncoder(
  feature: FeatureEncoding & { kind: "category" },
  column: Column,
  table: Table,
  width: number,
  onImputed: () => void,
  onUnseen: () => void,
): Encoder {
  const positions = positionsOf(column, feature.labels, table);
  const impute = feature.labels.indexOf(feature.impute);
  return (inputs, rows, from, to, offset) => {
    for (let at = from; at < to; at++) {
      let position = positions.at(rows[at]);
      if (position === -2) {
        onImputed();
        position = impute;
      } else if (position === -1) {
        onUnseen();
      }
      if (position >= 0) inputs[at * width + offset + position] = 1;
    }
  };
}

/** @throws DataError: no network can learn from an infinite value */
export function refuseInfinite(column: string, value: number, row: number, table: Table): never {
  const what = Number.isFinite(value) ? `too large a number (${value})` : "an infinite value";
  throw new DataError(
    `Column ${quoted(column)} of ${table.file} has ${what} in ${placeOf(table, row)}; correct or empty it.`,
  );
}

/**
 * Encodes the targets of rows that have them; see `Samples` for the meaning.
 *
 * @throws DataError when a target column is missing, is no number, or has a class that the fit does not know
 */
function encodeTargets(target: TargetEncoding, table: Table, rows: Uint32Array): Float32Array {
  const columns = (target.task === "classification" ? [target.column] : target.columns).map((name) => {
    const column = columnNamed(table, name);
    if (column === null)
      throw new DataError(`${table.file} lacks the target column ${quoted(name)}; add it.`);
    return column;
  });
  const width = columns.length;
  const targets = sharedFloats(rows.length * width, table);
  columns.forEach((column, output) => {
    if (target.task === "classification") {
      const positions = positionsOf(column, target.classes, table);
      rows.forEach((row, at) => {
        const position = positions.at(row);
        if (position < 0) {
          throw new DataError(
            `The target ${quoted(column.name)} in ${placeOf(table, row)} of ${table.file} is none of the classes that the network knows (${listed(target.classes)}).`,
          );
        }
        targets[at] = position;
      });
      return;
    }
    const [mean, scale] = [target.mean[output], target.scale[output]];
    // Rows without a target are not asked for, so nothing is imputed here.
    const encode = numberEncoder(
      { impute: NaN, mean, scale },
      numbersOf(column, table, column.kind === "date" ? "date" : "number"),
      table,
      width,
      () => undefined,
    );
    encode(targets, rows, 0, rows.length, output);
  });
  return targets;
}

/** Encoded inputs and targets of rows that have targets. */
export function encodeSamples(
  preparation: Preparation,
  table: Table,
  rows: Uint32Array,
): EncodedInputs & { samples: Samples } {
  const encoded = encodeInputs(preparation, table, rows);
  const targets = encodeTargets(preparation.target, table, rows);
  return { ...encoded, samples: { count: rows.length, inputs: encoded.inputs, targets } };
}

/**
 * Scaled targets or outputs of a regression back in the target's own units.
 *
 * @param values rows × outputs, row-major
 */
export function unscaleTargets(
  target: TargetEncoding & { task: "regression" },
  values: Float32Array | Float64Array,
): Float64Array {
  const { mean, scale } = target;
  const outputs = mean.length;
  return Float64Array.from(values, (value, index) => value * scale[index % outputs] + mean[index % outputs]);
}

/** Zeros, shared between threads where the host allows it. */
function sharedFloats(length: number, table: Table): Float32Array {
  try {
    const bytes = length * Float32Array.BYTES_PER_ELEMENT;
    return new Float32Array(
      typeof SharedArrayBuffer === "undefined" ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes),
    );
  } catch {
    const gigabytes = Math.ceil((length * 4) / 2 ** 30);
    throw new DataError(
      `The encoded rows of ${table.file} would need ${digits(gigabytes)} GB of memory; use fewer rows ("rows") or leave out columns with many categories ("ignore").`,
    );
  }
}
