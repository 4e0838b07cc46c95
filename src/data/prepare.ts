import type { LossName, RunConfig, Task } from "../config/runConfig";
import { positionsOf } from "./columnLabels";
import { balancedClassWeights } from "./classWeights";
import { DataError } from "./dataError";
import { encodeSamples, refuseInfinite, type EncodedInputs } from "./encode";
import { readAlike } from "./readAlike";
import { chooseFeatures, requiredColumn } from "./features";
import { noteExtremes } from "./extremes";
import { fitPreparation } from "./fit";
import type { Preparation } from "./preparation";
import { noteTargets } from "./targetNotes";
import { noteImputed, noteUnseen } from "./replacements";
import type { Samples } from "./samples";
import { partition } from "./partition";
import type { ClassOf } from "./split";
import {
  allRows,
  columnNamed,
  isMissingAt,
  placeOf,
  type Column,
  type Table,
  type WritingStyle,
} from "./table";
import { chooseObjective, rowsWithTarget, type Objective } from "./task";
import { capitalised, counted, didYouMean, listed, quoted } from "./wording";

interface PrepareOptions {
  readonly table: Table;
  /** The tables of `data.validationFile` and `data.testFile`. */
  readonly validationTable?: Table;
  readonly testTable?: Table;
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
  /** Of each class, how much its rows count in the loss; null where all count the same. */
  readonly classWeights: number[] | null;
  /** The table's row, from 0, of each sample; those of validation and test index a table of their own if there is one. */
  readonly rows: {
    readonly training: Uint32Array;
    readonly validation: Uint32Array;
    readonly test: Uint32Array;
  };
  /** The line of its file, from 1, on which each sample starts; null where a format has no lines. */
  readonly lines: {
    readonly training: Uint32Array | null;
    readonly validation: Uint32Array | null;
    readonly test: Uint32Array | null;
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
export function prepare(options: PrepareOptions): Prepared {
  const { table, validationTable, testTable, config, random } = options;
  const { data } = config;
  const notes = [table, validationTable, testTable].flatMap((read) =>
    read ? readNotes(read, data.rows) : [],
  );
  const targets = [...new Set(data.target)].map((name) => requiredColumn(table, name, "target"));
  const withTarget = keepRowsWithTarget(table, targets, rowsOf(table, data.rows), notes);
  const features = chooseFeatures(table, data, withTarget, notes);

  const other = (of: Table | undefined): OtherFile | null =>
    of ? otherFile(of, data.rows, table, targets, features, notes) : null;
  const validation = other(validationTable);
  const test = other(testTable);
  const others = [validation, test].filter((file) => file !== null);
  const objective = chooseObjective(
    table,
    targets,
    withTarget,
    config,
    others.map((file) => ({ table: file.table, column: file.targets[0], rows: file.rows })),
  );
  if (objective.task === "regression" && data.classWeights === "balanced") {
    throw new DataError(
      `The target ${listed(data.target)} of ${table.file} is a quantity, and class weights are for classification; remove "classWeights", or set "task" to "classification".`,
    );
  }
  const usable = keepCompleteRows(table, features, withTarget, data.missing, notes);
  refuseInfiniteValues(table, objective.task === "regression" ? [...features, ...targets] : features, usable);
  const split = partition(
    table,
    usable,
    {
      ...data.split,
      validation: validation ? 0 : data.split.validation,
      test: test ? 0 : data.split.test,
    },
    objective.task === "classification" && data.split.stratify ? classOf(objective, table) : null,
    random,
    notes,
  );
  const rowsOfPart = (file: OtherFile | null, rows: Uint32Array): Uint32Array =>
    file ? keepCompleteRows(file.table, file.features, file.rows, data.missing, notes) : rows;
  const rows = {
    training: split.training,
    validation: rowsOfPart(validation, split.validation),
    test: rowsOfPart(test, split.test),
  };
  noteTargets(objective, table, rows.training, data.classWeights, notes);

  const preparation = fitPreparation(table, features, objective, rows.training, data);
  const encode = (from: Table, of: Uint32Array): (EncodedInputs & { samples: Samples }) | null =>
    of.length > 0 ? encodeSamples(preparation, from, of) : null;
  const training = encodeSamples(preparation, table, rows.training);
  const parts = {
    validation: encode(validation?.table ?? table, rows.validation),
    test: encode(test?.table ?? table, rows.test),
  };
  if (data.standardize) {
    const encoded = [training, parts.validation, parts.test].filter((part) => part !== null);
    noteExtremes(
      preparation,
      encoded.map(({ inputs }) => inputs),
      notes,
    );
  }
  noteImputed([training, ...Object.values(parts).filter((part) => part !== null)], notes);
  for (const part of ["validation", "test"] as const) {
    if (parts[part]) noteUnseen(parts[part], preparation, `${part} row`, notes);
  }
  const { samples } = training;
  return {
    task: objective.task,
    loss: objective.loss,
    preparation,
    training: samples,
    validation: parts.validation?.samples ?? null,
    test: parts.test?.samples ?? null,
    classWeights:
      objective.task === "classification" && data.classWeights === "balanced"
        ? balancedClassWeights(samples.targets, objective.classes.length)
        : null,
    rows,
    lines: {
      training: linesOf(table, rows.training),
      validation: linesOf(validation?.table ?? table, rows.validation),
      test: linesOf(test?.table ?? table, rows.test),
    },
    notes,
  };
}

function linesOf({ lines }: Table, rows: Uint32Array): Uint32Array | null {
  return lines && rows.map((row) => lines[row]);
}

function rowsOf(table: Table, limit: number | undefined): Uint32Array {
  return allRows(table).subarray(0, limit);
}

/** What is to be said of a file as it was read. */
function readNotes(table: Table, limit: number | undefined): string[] {
  if (limit === undefined || table.rowCount < limit) return [...table.notes];
  return [
    ...table.notes,
    `At most ${counted(limit, "row")} of ${table.file} ${limit === 1 ? "is" : "are"} used, as "rows" says.`,
  ];
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

interface OtherFile {
  table: Table;
  targets: Column[];
  features: Column[];
  rows: Uint32Array;
}

/** Checks that a validation or test file has the columns that the network reads and predicts. */
function otherFile(
  read: Table,
  limit: number | undefined,
  training: Table,
  targets: Column[],
  features: Column[],
  notes: string[],
): OtherFile {
  const styleOf = (name: string): WritingStyle | undefined => {
    const column = columnNamed(training, name);
    return column?.kind === "number" || column?.kind === "date" ? column.written?.style : undefined;
  };
  const table = readAlike(read, styleOf, notes);
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
    rows: keepRowsWithTarget(table, ownTargets, rowsOf(table, limit), notes),
  };
}

function classOf(objective: Objective & { task: "classification" }, table: Table): ClassOf {
  const { column, classes } = objective;
  const positions = positionsOf(column, classes, table);
  return { count: classes.length, of: (row) => positions.at(row), numeric: column.kind === "number" };
}
