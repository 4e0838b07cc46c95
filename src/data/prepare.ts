import type { LossName, RunConfig, Task } from "../config/runConfig";
import { positionsOf } from "./columnLabels";
import { DataError } from "./dataError";
import { encodeSamples, refuseInfinite, type EncodedInputs } from "./encode";
import { chooseFeatures, requiredColumn } from "./features";
import { fitPreparation } from "./fit";
import type { Preparation } from "./preparation";
import { noteImputed, noteUnseen } from "./replacements";
import type { Samples } from "./samples";
import { splitRows } from "./split";
import { allRows, columnNamed, isMissingAt, placeOf, type Column, type Table } from "./table";
import { chooseObjective, rowsWithTarget, type Objective } from "./task";
import { capitalised, counted, didYouMean, listed, quoted } from "./wording";

interface PrepareOptions {
  readonly table: Table;
  /** The table of `data.validationFile`. */
  readonly validationTable?: Table;
  readonly config: Pick<RunConfig, "data" | "task" | "loss">;
  /** Uniform in [0, 1): the stream that deals out the split. */
  readonly random: () => number;
}

/** Data ready for training. */
export interface Prepared {
  readonly task: Task;
  readonly loss: LossName;
  readonly preparation: Preparation;
  /** In the order of the file. */
  readonly training: Samples;
  readonly validation: Samples | null;
  readonly test: Samples | null;
  /** The table's row, from 0, of each sample; those of validation index the validation table if there is one. */
  readonly rows: {
    readonly training: Uint32Array;
    readonly validation: Uint32Array;
    readonly test: Uint32Array;
  };
  /** What the user should know, one sentence each. */
  readonly notes: string[];
}

/**
 * Turns a table into samples: choose columns and task, split, and only then fit imputation and scaling to
 * the training rows.
 *
 * @throws DataError when the data do not fit the config: one sentence for the user
 */
export function prepare({ table, validationTable, config, random }: PrepareOptions): Prepared {
  const { data } = config;
  const notes = [...table.notes, ...(validationTable?.notes ?? [])];
  const targets = [...new Set(data.target)].map((name) => requiredColumn(table, name, "target"));
  const all = allRows(table).subarray(0, data.rows);
  const withTarget = keepRowsWithTarget(table, targets, all, notes);
  const features = chooseFeatures(table, data, withTarget, notes);

  const validation = validationTable ? otherTable(validationTable, table, targets, features, notes) : null;
  const objective = chooseObjective(
    table,
    targets,
    withTarget,
    config,
    validation && { table: validation.table, column: validation.targets[0], rows: validation.rows },
  );
  const usable = keepCompleteRows(table, features, withTarget, data.missing, notes);
  refuseInfiniteValues(table, objective.task === "regression" ? [...features, ...targets] : features, usable);
  const { training, test, ...split } = splitRows(
    usable,
    { test: data.split.test, validation: validation ? 0 : data.split.validation },
    objective.task === "classification" && data.split.stratify ? classOf(objective, table) : null,
    random,
    table.file,
  );
  const validationRows = validation
    ? keepCompleteRows(validation.table, validation.features, validation.rows, data.missing, notes)
    : split.validation;
  noteClasses(objective, table, training, notes);

  const preparation = fitPreparation(table, features, objective, training, data);
  const encode = (from: Table, rows: Uint32Array): EncodedInputs & { samples: Samples } =>
    encodeSamples(preparation, from, rows);
  const parts = {
    training: encode(table, training),
    validation: validationRows.length > 0 ? encode(validation?.table ?? table, validationRows) : null,
    test: test.length > 0 ? encode(table, test) : null,
  };
  noteImputed(
    Object.values(parts).filter((part) => part !== null),
    notes,
  );
  for (const part of ["validation", "test"] as const) {
    if (parts[part]) noteUnseen(parts[part], `${part} row`, notes);
  }
  return {
    task: objective.task,
    loss: objective.loss,
    preparation,
    training: parts.training.samples,
    validation: parts.validation?.samples ?? null,
    test: parts.test?.samples ?? null,
    rows: { training, validation: validationRows, test },
    notes,
  };
}

function keepRowsWithTarget(
  table: Table,
  targets: Column[],
  rows: Uint32Array,
  notes: string[],
): Uint32Array {
  const kept = rowsWithTarget(targets, rows);
  const names = listed(targets.map((column) => column.name));
  if (kept.length === 0) {
    throw new DataError(
      `No row of ${table.file} has a value in the target ${names}; choose another target or fill it in.`,
    );
  }
  const dropped = rows.length - kept.length;
  if (dropped > 0) {
    notes.push(
      `${counted(dropped, "row")} of ${table.file} without a value in the target ${names} ${wereLeftOut(dropped)}.`,
    );
  }
  return kept;
}

/** Drops or refuses rows with missing features, as the config asks. */
function keepCompleteRows(
  table: Table,
  features: Column[],
  rows: Uint32Array,
  missing: "impute" | "drop" | "error",
  notes: string[],
): Uint32Array {
  if (missing === "impute") return rows;
  const gap = (row: number): Column | undefined => features.find((column) => isMissingAt(column, row));
  if (missing === "error") {
    for (const row of rows) {
      const column = gap(row);
      if (column === undefined) continue;
      throw new DataError(
        `${capitalised(placeOf(table, row))} of ${table.file} has no value in column ${quoted(column.name)}; fill it in, or set "missing" to "impute" or "drop".`,
      );
    }
    return rows;
  }
  const kept = rows.filter((row) => gap(row) === undefined);
  if (kept.length === 0) {
    throw new DataError(
      `Every row of ${table.file} lacks the value of some feature, so "missing": "drop" leaves none; set it to "impute", or leave out columns with "ignore".`,
    );
  }
  const dropped = rows.length - kept.length;
  if (dropped > 0)
    notes.push(`${counted(dropped, "row")} of ${table.file} with missing values ${wereLeftOut(dropped)}.`);
  return kept;
}

/** Before anything is fitted: one infinite value would spoil mean and scale of its whole column. */
function refuseInfiniteValues(table: Table, columns: Column[], rows: Uint32Array): void {
  for (const column of columns) {
    if (column.kind !== "number" && column.kind !== "vector") continue;
    const { name, values } = column;
    const width = column.kind === "vector" ? column.width : 1;
    for (const row of rows) {
      for (let at = row * width; at < (row + 1) * width; at++)
        if (Math.abs(values[at]) === Infinity) refuseInfinite(name, values[at], row, table);
    }
  }
}

function wereLeftOut(count: number): string {
  return count === 1 ? "was left out" : "were left out";
}

/** Checks that a validation file has the columns that the network reads and predicts. */
function otherTable(
  table: Table,
  training: Table,
  targets: Column[],
  features: Column[],
  notes: string[],
): { table: Table; targets: Column[]; features: Column[]; rows: Uint32Array } {
  const names = table.columns.map((column) => column.name);
  const missing = [...targets, ...features]
    .map((column) => column.name)
    .filter((name) => columnNamed(table, name) === null);
  if (missing.length > 0) {
    throw new DataError(
      `${table.file} lacks the column${missing.length > 1 ? "s" : ""} ${listed(missing)} of ${training.file}; it has ${listed(names)}.${missing.length === 1 ? didYouMean(missing[0], names) : ""}`,
    );
  }
  const own = (columns: Column[]): Column[] =>
    columns.map((column) => columnNamed(table, column.name)).filter((column) => column !== null);
  const ownTargets = own(targets);
  return {
    table,
    targets: ownTargets,
    features: own(features),
    rows: keepRowsWithTarget(table, ownTargets, allRows(table), notes),
  };
}

function classOf(
  objective: Objective & { task: "classification" },
  table: Table,
): { count: number; of(row: number): number; numeric: boolean } {
  const { column, classes } = objective;
  const positions = positionsOf(column, classes, table);
  return { count: classes.length, of: (row) => positions.at(row), numeric: column.kind === "number" };
}

/** Tells of classes that cannot be learned, and of targets with nothing to learn. */
function noteClasses(objective: Objective, table: Table, training: Uint32Array, notes: string[]): void {
  if (objective.task === "regression") {
    for (const { name, values } of objective.columns) {
      if (training.some((row) => values[row] !== values[training[0]])) continue;
      notes.push(
        `The target ${quoted(name)} has the same value in every training row, so there is nothing to learn.`,
      );
    }
    return;
  }
  const positions = positionsOf(objective.column, objective.classes, table);
  const counts = new Uint32Array(objective.classes.length);
  for (const row of training) counts[positions.at(row)]++;
  const absent = objective.classes.filter((_, index) => counts[index] === 0);
  const present = objective.classes.length - absent.length;
  if (present < 2) {
    throw new DataError(
      `Only one class of the target ${quoted(objective.column.name)} is among the ${counted(training.length, "training row")} of ${table.file}; keep more rows, or a smaller part for validation and test.`,
    );
  }
  if (absent.length > 0) {
    notes.push(
      `No training row has the class${absent.length > 1 ? "es" : ""} ${listed(absent, 5)}, so the network cannot learn ${absent.length > 1 ? "them" : "it"}.`,
    );
  }
}
