import { compareCodePoints, labelsIn, sortedLabels } from "./columnLabels";
import { DataError } from "./dataError";
import { inputsOf, type FeatureEncoding, type Preparation, type TargetEncoding } from "./preparation";
import type { Column, Table } from "./table";
import type { Objective } from "./task";
import { counted, digits, quoted } from "./wording";

/** More inputs than this from categories are a mistake in the choice of the features. */
const mostOneHotInputs = 10_000;

/**
 * Fits imputation, scaling and one-hot encoding to the training rows.
 *
 * @throws DataError when categories would make too many inputs
 */
export function fitPreparation(
  table: Table,
  columns: readonly Column[],
  objective: Objective,
  training: Uint32Array,
  settings: { standardize: boolean; standardizeTarget: boolean },
): Preparation {
  const features = columns.map((column) => fitFeature(table, column, training, settings.standardize));
  refuseTooManyInputs(table, features);
  const inputNames = features.flatMap(namesOfInputs);
  return {
    features,
    inputSize: inputNames.length,
    inputNames,
    target: fitTarget(table, objective, training, settings.standardizeTarget),
  };
}

function fitFeature(
  table: Table,
  column: Column,
  training: Uint32Array,
  standardize: boolean,
): FeatureEncoding {
  const { name } = column;
  switch (column.kind) {
    case "number":
    case "date": {
      const written = column.written && { written: column.written.style };
      return {
        kind: column.kind,
        column: name,
        ...fitNumbers(table, column, training, standardize),
        ...written,
      };
    }
    case "vector": {
      const fits = Array.from({ length: column.width }, (_, element) =>
        fitNumbers(table, column, training, standardize, element),
      );
      return {
        kind: "vector",
        column: name,
        impute: fits.map(({ impute }) => impute),
        mean: fits.map(({ mean }) => mean),
        scale: fits.map(({ scale }) => scale),
      };
    }
    case "boolean": {
      const sum = training.reduce((total, row) => total + Math.max(column.codes[row], 0), 0);
      const present = training.reduce((total, row) => total + (column.codes[row] < 0 ? 0 : 1), 0);
      return { kind: "boolean", column: name, impute: sum * 2 > present ? 1 : 0 };
    }
    case "category":
    case "text": {
      const labels = sortedLabels(labelsIn(column, training, table), false);
      return { kind: "category", column: name, impute: mostFrequent(column, training), labels };
    }
  }
}

function namesOfInputs(feature: FeatureEncoding): string[] {
  if (feature.kind === "category") return feature.labels.map((label) => `${feature.column}=${label}`);
  if (feature.kind === "vector") return feature.mean.map((_, element) => `${feature.column}[${element}]`);
  return [feature.column];
}

/** One number a row: those of a column, or those at one place of its vectors. */
interface Numbers {
  readonly name: string;
  readonly values: Float64Array;
  readonly width?: number;
}

function fitNumbers(
  table: Table,
  numbers: Numbers,
  training: Uint32Array,
  standardize: boolean,
  element = 0,
): { impute: number; mean: number; scale: number } {
  const { values, width = 1 } = numbers;
  const present = training.filter((row) => !Number.isNaN(values[row * width + element]));
  const impute = present.length > 0 ? meanOf(pick(numbers, present, element)) : 0;
  const scaled = standardize ? scaling(table, numbers, training, impute, element) : { mean: 0, scale: 1 };
  return { impute, ...scaled };
}

function pick({ values, width = 1 }: Numbers, rows: Uint32Array, element: number): Float64Array {
  const picked = new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at++) picked[at] = values[rows[at] * width + element];
  return picked;
}

function fitTarget(
  table: Table,
  objective: Objective,
  training: Uint32Array,
  standardize: boolean,
): TargetEncoding {
  if (objective.task === "classification") {
    return { task: "classification", column: objective.column.name, classes: objective.classes };
  }
  const scalings = objective.columns.map((column) =>
    standardize ? scaling(table, column, training, 0) : { mean: 0, scale: 1 },
  );
  return {
    task: "regression",
    columns: objective.columns.map((column) => column.name),
    mean: scalings.map(({ mean }) => mean),
    scale: scalings.map(({ scale }) => scale),
  };
}

/** Values must not be empty. A constant comes out exactly, without the rounding of a sum. */
function meanOf(values: Float64Array): number {
  const [first] = values;
  let sum = 0;
  // Differences from the first value keep the digits of large numbers that lie close together.
  for (const value of values) sum += value - first;
  return first + sum / values.length;
}

/** Mean and population standard deviation of imputed values; scale 1 for a constant column. */
function scaling(
  table: Table,
  numbers: Numbers,
  rows: Uint32Array,
  impute: number,
  element = 0,
): { mean: number; scale: number } {
  const values = pick(numbers, rows, element);
  for (let at = 0; at < values.length; at++) if (Number.isNaN(values[at])) values[at] = impute;
  if (values.every((value) => value === values[0])) return { mean: values[0], scale: 1 };
  const mean = meanOf(values);
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  const scale = Math.sqrt(squares / values.length);
  if (!Number.isFinite(scale) || !Number.isFinite(mean)) {
    throw new DataError(
      `The numbers in column ${quoted(numbers.name)} of ${table.file} are too large to standardise; express them in a larger unit, or leave the column out with "ignore".`,
    );
  }
  // Differences so small that their squares vanish are no differences.
  return { mean, scale: scale > 0 ? scale : 1 };
}

/** The label of most training rows, of equally frequent ones the first by code point; "" when there is none. */
function mostFrequent(column: Column, training: Uint32Array): string {
  if (column.kind !== "category") return "";
  const counts = new Uint32Array(column.labels.length);
  for (const row of training) if (column.codes[row] >= 0) counts[column.codes[row]]++;
  let best = -1;
  counts.forEach((count, code) => {
    if (count === 0) return;
    if (
      best < 0 ||
      count > counts[best] ||
      (count === counts[best] && compareCodePoints(column.labels[code], column.labels[best]) < 0)
    ) {
      best = code;
    }
  });
  return best < 0 ? "" : column.labels[best];
}

function refuseTooManyInputs(table: Table, features: readonly FeatureEncoding[]): void {
  const categories = features.filter((feature) => feature.kind === "category");
  const inputs = categories.reduce((sum, feature) => sum + inputsOf(feature), 0);
  if (inputs <= mostOneHotInputs) return;
  const widest = categories.reduce((a, b) => (b.labels.length > a.labels.length ? b : a));
  throw new DataError(
    `The text columns of ${table.file} would become ${counted(inputs, "input")}, more than ${digits(mostOneHotInputs)}; ` +
      `leave out ${quoted(widest.column)} (${digits(widest.labels.length)} different values) with "ignore".`,
  );
}
