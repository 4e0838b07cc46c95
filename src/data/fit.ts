import { compareCodePoints, labelsIn, sortedLabels } from "./columnLabels";
import { DataError } from "./dataError";
import type { FeatureEncoding, Preparation, TargetEncoding } from "./preparation";
import type { CategoryColumn, Column, NumberColumn, Table, TextColumn } from "./table";
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
  const inputNames = features.flatMap((feature) =>
    feature.kind === "number"
      ? [feature.column]
      : feature.labels.map((label) => `${feature.column}=${label}`),
  );
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
  if (column.kind === "number") {
    const present = training.filter((row) => !Number.isNaN(column.values[row]));
    const impute = present.length > 0 ? meanOf(column.values, present) : 0;
    const { mean, scale } = standardize ? scaling(table, column, training, impute) : { mean: 0, scale: 1 };
    return { kind: "number", column: column.name, impute, mean, scale };
  }
  const labels = sortedLabels(labelsIn(column, training, table), false);
  return { kind: "category", column: column.name, impute: mostFrequent(column, training), labels };
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

/** Rows must not be empty. A constant comes out exactly, without the rounding of a sum. */
function meanOf(values: Float64Array, rows: Uint32Array): number {
  const first = values[rows[0]];
  let sum = 0;
  // Differences from the first value keep the digits of large numbers that lie close together.
  for (const row of rows) sum += values[row] - first;
  return first + sum / rows.length;
}

/** Mean and population standard deviation of imputed values; scale 1 for a constant column. */
function scaling(
  table: Table,
  column: NumberColumn,
  rows: Uint32Array,
  impute: number,
): { mean: number; scale: number } {
  const values = Float64Array.from(rows, (row) => {
    const value = column.values[row];
    return Number.isNaN(value) ? impute : value;
  });
  if (values.every((value) => value === values[0])) return { mean: values[0], scale: 1 };
  let sum = 0;
  for (const value of values) sum += value - values[0];
  const mean = values[0] + sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  const scale = Math.sqrt(squares / values.length);
  if (!Number.isFinite(scale) || !Number.isFinite(mean)) {
    throw new DataError(
      `The numbers in column ${quoted(column.name)} of ${table.file} are too large to standardise; express them in a larger unit, or leave the column out with "ignore".`,
    );
  }
  // Differences so small that their squares vanish are no differences.
  return { mean, scale: scale > 0 ? scale : 1 };
}

/** The label of most training rows, of equally frequent ones the first by code point; "" when there is none. */
function mostFrequent(column: CategoryColumn | TextColumn, training: Uint32Array): string {
  if (column.kind === "text") return "";
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
  const inputs = categories.reduce((sum, feature) => sum + feature.labels.length, 0);
  if (inputs <= mostOneHotInputs) return;
  const widest = categories.reduce((a, b) => (b.labels.length > a.labels.length ? b : a));
  throw new DataError(
    `The text columns of ${table.file} would become ${counted(inputs, "input")}, more than ${digits(mostOneHotInputs)}; ` +
      `leave out ${quoted(widest.column)} (${digits(widest.labels.length)} different values) with "ignore".`,
  );
}
