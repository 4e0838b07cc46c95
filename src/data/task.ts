import type { LossName, RunConfig, Task } from "../config/runConfig";
import { codesAsNumbers } from "./codes";
import { labelsIn, sortedLabels } from "./columnLabels";
import { DataError } from "./dataError";
import { notNumbers, remedy } from "./notNumbers";
import { isMissingAt, type Column, type NumberColumn, type Table } from "./table";
import { counted, digits, listed, quoted } from "./wording";

/** An integer target with more different values than this is a quantity. */
export const mostIntegerClasses = 20;
/** More outputs than this are a mistake in the choice of the target. */
const mostClasses = 10_000;

/** What is predicted, and what a wrong prediction costs. */
export type Objective =
  | { task: "classification"; loss: LossName; column: Column; classes: string[] }
  | { task: "regression"; loss: LossName; columns: NumberColumn[] };

/** The target in another file. */
interface Labelled {
  table: Table;
  column: Column;
  rows: Uint32Array;
}

/**
 * Settles task, loss and classes. What the run config leaves open is inferred from the target.
 *
 * @param rows the rows that have a target
 * @param others other files, whose rows may hold further classes
 * @throws DataError when the target cannot be learned that way
 */
export function chooseObjective(
  table: Table,
  targets: readonly Column[],
  rows: Uint32Array,
  config: Pick<RunConfig, "task" | "loss">,
  others: readonly Labelled[],
): Objective {
  const task = config.task ?? inferTask(targets, rows, config.loss);
  if (
    config.loss !== undefined &&
    (config.loss === "mse" || config.loss === "mae") !== (task === "regression")
  ) {
    throw new DataError(
      `The loss ${config.loss} is for ${task === "regression" ? "classification" : "regression"}, but the task is ${task}; change "loss" or "task".`,
    );
  }
  if (task === "regression") {
    return { task, loss: config.loss ?? "mse", columns: targets.map((column) => numbersOf(table, column)) };
  }
  if (targets.length > 1) {
    throw new DataError(
      `Classification has one target, but ${listed(targets.map((column) => column.name))} are given; name one, or set "task" to "regression".`,
    );
  }
  const [column] = targets;
  const classes = classesOf(table, column, rows, others);
  const loss = config.loss ?? (classes.length === 2 ? "binary-cross-entropy" : "categorical-cross-entropy");
  if (loss === "binary-cross-entropy" && classes.length > 2) {
    throw new DataError(
      `The target ${quoted(column.name)} of ${table.file} has ${classes.length} classes (${listed(classes, 6)}), but binary-cross-entropy is for two; use categorical-cross-entropy.`,
    );
  }
  return { task, loss, column, classes };
}

function inferTask(targets: readonly Column[], rows: Uint32Array, loss: LossName | undefined): Task {
  if (loss !== undefined) return loss === "mse" || loss === "mae" ? "regression" : "classification";
  if (targets.length > 1) return "regression";
  const [column] = targets;
  if (column.kind === "date") return "regression";
  return column.kind !== "number" || isClassLike(column, rows) ? "classification" : "regression";
}

/** Integers of which there are few different ones. */
function isClassLike(column: NumberColumn, rows: Uint32Array): boolean {
  const distinct = new Set<number>();
  for (const row of rows) {
    const value = column.values[row];
    if (Number.isNaN(value)) continue;
    if (!Number.isInteger(value)) return false;
    distinct.add(value);
    if (distinct.size > mostIntegerClasses) return false;
  }
  return true;
}

/** @throws DataError naming the first value that is no number */
function numbersOf(table: Table, column: Column): NumberColumn {
  if (column.kind === "number") return column;
  if (column.kind === "date") return { ...column, kind: "number" };
  const codes = codesAsNumbers(column);
  if (codes !== null) return codes;
  if (column.kind === "vector") {
    throw new DataError(
      `The target ${quoted(column.name)} of ${table.file} holds lists of numbers, and a target must be one number or label a row; choose another target.`,
    );
  }
  if (column.kind === "text" && column.because !== undefined) {
    throw new DataError(
      `The target ${quoted(column.name)} of ${table.file} cannot be used for regression because ${column.because}; choose another target.`,
    );
  }
  throw new DataError(
    `The target ${quoted(column.name)} of ${table.file} cannot be used for regression: ${notNumbers(column.text, table)}; ` +
      `${remedy(column.text)}, or set "task" to "classification".`,
  );
}

/** Sorted, from all rows. */
function classesOf(table: Table, column: Column, rows: Uint32Array, others: readonly Labelled[]): string[] {
  const labels = labelsIn(column, rows, table);
  const name = quoted(column.name);
  if (labels.size === 1) {
    throw new DataError(
      `The target ${name} of ${table.file} has only one class, ${listed([...labels])}, in ${counted(rows.length, "row")}; classification needs at least two.`,
    );
  }
  let numeric = column.kind === "number";
  const otherwise = numeric ? ', or set "task" to "regression"' : "";
  if (labels.size === rows.length && rows.length > mostIntegerClasses) {
    throw new DataError(
      `The target ${name} of ${table.file} has another value in every row, so classes cannot be learned; choose another target${otherwise}.`,
    );
  }
  for (const other of others) {
    for (const label of labelsIn(other.column, other.rows, other.table))
      labels.add(asIn(column, other.column, label));
    numeric &&= other.column.kind === "number" || codesAsNumbers(other.column) !== null;
  }
  if (labels.size > mostClasses) {
    throw new DataError(
      `The target ${name} of ${table.file} has ${digits(labels.size)} different values, too many for classes; choose another target${otherwise}.`,
    );
  }
  return sortedLabels(labels, numeric);
}

/** A label of another file's column as this one writes it: "True" may be "true" here, and "7" be "007". */
function asIn(column: Column, other: Column, label: string): string {
  if (column.kind === "category" && column.text.leadingZeros && other.kind === "number")
    return column.labels.find((own) => Number(own) === Number(label)) ?? label;
  if (column.kind === "number" && codesAsNumbers(other) !== null) return String(Number(label));
  if (column.kind !== "boolean" || other.kind !== "boolean") return label;
  return column.labels[other.labels.indexOf(label)];
}

/** The rows of `rows` in which every target has a value. */
export function rowsWithTarget(targets: readonly Column[], rows: Uint32Array): Uint32Array {
  return rows.filter((row) => targets.every((column) => !isMissingAt(column, row)));
}
