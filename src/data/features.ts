import type { DataConfig } from "../config/runConfig";
import { DataError } from "./dataError";
import { meant, meantAsNumbers, notNumbers, remedy } from "./notNumbers";
import { countsUp } from "./rowNumbers";
import { columnNamed, columnNames, isMissingAt, type CategoryColumn, type Column, type Table } from "./table";
import { counted, didYouMean, digits, listed, quoted } from "./wording";

type ColumnRole = "target" | "feature" | "ignored" | "groupBy" | "orderBy";

const roles: Record<ColumnRole, string> = {
  target: "target column",
  feature: "column for features",
  ignored: "column to ignore",
  groupBy: 'column for "groupBy"',
  orderBy: 'column for "orderBy"',
};

/** A column of the table by its name in the run config. @throws DataError naming the columns that there are. */
export function requiredColumn(table: Table, name: string, role: ColumnRole): Column {
  const column = columnNamed(table, name);
  if (column !== null) return column;
  const names = columnNames(table);
  throw new DataError(
    `${table.file} has no ${roles[role]} called ${quoted(name)}; it has ${listed(names)}.${didYouMean(name, names)}`,
  );
}

/**
 * The columns that the network reads: those named in `features`, else every column that is neither target
 * nor ignored nor splits the rows, less those that tell nothing about other rows (names and empty columns).
 *
 * @param rows the rows that will be used; only they decide
 * @throws DataError when a name is unknown or no column is left
 */
export function chooseFeatures(
  table: Table,
  config: DataConfig,
  rows: Uint32Array,
  notes: string[],
): Column[] {
  const ignored = new Set(config.ignore.map((name) => requiredColumn(table, name, "ignored").name));
  const taken = new Set([...ignored, ...config.target]);
  let features: Column[];
  if (config.features) {
    const named = new Set(config.features);
    for (const name of config.target) {
      if (!named.has(name)) continue;
      throw new DataError(
        `${quoted(name)} is the target of ${table.file} and so cannot be a feature; remove it from "features".`,
      );
    }
    features = [...named]
      .map((name) => requiredColumn(table, name, "feature"))
      .filter((c) => !taken.has(c.name));
  } else {
    const leftOut: Useless[] = [];
    const useful = (column: Column): boolean => {
      const useless = whyUseless(column, table, rows);
      if (useless !== null) leftOut.push(useless);
      return useless === null;
    };
    // What the rows are split by takes other values in the other parts, so nothing is learned from it there.
    const { groupBy, orderBy } = config.split;
    for (const name of [groupBy, orderBy]) if (name !== undefined) taken.add(name);
    features = table.columns.filter((column) => !taken.has(column.name)).filter(useful);
    noteLeftOut(leftOut, notes);
  }
  if (features.length === 0) {
    const left = table.columns.filter((column) => !taken.has(column.name));
    throw new DataError(
      `No column of ${table.file} is left to predict ${listed(config.target)} from; ${howToGetOne(left, table)}.`,
    );
  }
  const mixed = features.map((column) => mixedNote(column, table)).filter((note) => note !== null);
  notes.push(...mixed.slice(0, 3));
  if (mixed.length > 3) {
    notes.push(`So are ${counted(mixed.length - 3, "other column")} of numbers and a few texts.`);
  }
  noteDates(features, notes);
  noteSuspects(features, rows, notes);
  return features;
}

function noteDates(features: readonly Column[], notes: string[]): void {
  const dates = features.filter((column) => column.kind === "date").map(({ name }) => name);
  if (dates.length === 0) return;
  const [columns, hold, are] = dates.length === 1 ? ["Column", "holds", "is"] : ["Columns", "hold", "are"];
  notes.push(
    `${columns} ${listed(dates, 5)} ${hold} dates and ${are} read as days since 1970-01-01; leave out with "ignore" what should not count.`,
  );
}

/** Columns that are kept, though they hardly tell anything. */
function noteSuspects(features: readonly Column[], rows: Uint32Array, notes: string[]): void {
  const counters = features
    .filter((column) => column.kind === "number" && countsUp(column.values, rows))
    .map(({ name }) => name);
  if (counters.length > 0) {
    const [columns, look] =
      counters.length === 1 ? ["Column", "looks like a row number"] : ["Columns", "look like row numbers"];
    const ignore = counters.slice(0, 3).map((name) => JSON.stringify(name));
    notes.push(
      `${columns} ${listed(counters, 3)} ${look}, counting up by one; if so, leave out with "ignore": [${ignore.join(", ")}].`,
    );
  }
  const constants = features.filter((column) => isConstant(column, rows)).map(({ name }) => name);
  if (constants.length > 0) {
    const [columns, have] = constants.length === 1 ? ["Column", "has"] : ["Columns", "have"];
    notes.push(`${columns} ${listed(constants, 5)} ${have} the same value in every row and so cannot help.`);
  }
}

/** What to do about columns that are all of no use. */
function howToGetOne(left: readonly Column[], table: Table): string {
  if (left.length === 0) return "add columns to predict from";
  for (const column of left) {
    if (column.kind !== "category" && column.kind !== "text") continue;
    if (!meantAsNumbers(column.text)) continue;
    return `${quoted(column.name)} would be one, but ${notNumbers(column.text, table)}; ${remedy(column.text)}`;
  }
  const [hold, them] = left.length === 1 ? ["holds", "it"] : ["hold", "them"];
  return (
    `${listed(left.map((column) => column.name))} ${hold} only names or nothing; ` +
    `use ${them} anyway by naming ${them} in "features"`
  );
}

interface Useless {
  readonly column: string;
  readonly reason: "empty" | "names";
  /** The sentence for this column alone. */
  readonly note: string;
}

const reasons: Record<Useless["reason"], string> = {
  empty: "they have no values",
  names: `most of their values differ, like names; name them in "features" to use them anyway`,
};

/** A sentence for each column, or, where it would be a flood, for each reason. */
function noteLeftOut(leftOut: readonly Useless[], notes: string[]): void {
  for (const reason of ["names", "empty"] as const) {
    const columns = leftOut.filter((useless) => useless.reason === reason);
    if (columns.length <= 3) notes.push(...columns.map(({ note }) => note));
    else {
      const names = columns.map(({ column }) => column);
      notes.push(
        `${counted(columns.length, "column")} are left out because ${reasons[reason]}: ${listed(names, 5)}.`,
      );
    }
  }
}

/** Why a column that nobody asked for is left out, or null. */
function whyUseless(column: Column, table: Table, rows: Uint32Array): Useless | null {
  const useless = (reason: Useless["reason"], why: string): Useless => ({
    column: column.name,
    reason,
    note: `Column ${quoted(column.name)} is left out: ${why}.`,
  });
  if (column.kind === "text" && column.because !== undefined) return useless("names", column.because);
  if (column.kind === "text") {
    const what = meantAsNumbers(column.text) ? notNumbers(column.text, table) : "it does not hold numbers";
    return useless(
      "names",
      `${what}, and as text it has more than ${digits(column.distinct - 1)} different values, like a name`,
    );
  }
  if (!rows.some((row) => hasValue(column, row))) return useless("empty", "it has no values");
  if (column.kind !== "category") return null;
  const force = `name it in "features" to use it anyway`;
  const { distinct, present } = countDistinct(column, rows);
  if (distinct * 2 <= present) return null;
  const differing = `${digits(distinct)} different values in ${counted(present, "row")}, like a name`;
  const why = meantAsNumbers(column.text)
    ? `${notNumbers(column.text, table)}, and as text it has ${differing}; ${remedy(column.text)}, or ${force}`
    : `it has ${differing}; ${force}`;
  return useless("names", why);
}

/** Of a vector: whether any of its numbers is there. */
function hasValue(column: Column, row: number): boolean {
  if (column.kind !== "vector") return !isMissingAt(column, row);
  const { values, width } = column;
  for (let at = row * width; at < (row + 1) * width; at++) if (!Number.isNaN(values[at])) return true;
  return false;
}

function countDistinct(column: CategoryColumn, rows: Uint32Array): { distinct: number; present: number } {
  const seen = new Uint8Array(column.labels.length);
  let [distinct, present] = [0, 0];
  for (const row of rows) {
    const code = column.codes[row];
    if (code < 0) continue;
    present++;
    if (seen[code] === 0) distinct++;
    seen[code] = 1;
  }
  return { distinct, present };
}

function mixedNote(column: Column, table: Table): string | null {
  // Of codes the reader has told already.
  if (column.kind !== "category" || column.text.leadingZeros || !meantAsNumbers(column.text)) return null;
  return (
    `Column ${quoted(column.name)} is read as categories because ${notNumbers(column.text, table)}; ` +
    `${remedy(column.text)} to read it as ${meant(column.text)}.`
  );
}

/** The same value in every row; where some are missing, that tells something. */
function isConstant(column: Column, rows: Uint32Array): boolean {
  if (column.kind === "text" || column.kind === "vector" || rows.length < 3) return false;
  const values = column.kind === "number" || column.kind === "date" ? column.values : column.codes;
  return rows.every((row) => values[row] === values[rows[0]]);
}
