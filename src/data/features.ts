import type { DataConfig } from "../config/runConfig";
import { DataError } from "./dataError";
import { meantAsNumbers, notNumbers, those } from "./notNumbers";
import { columnNamed, columnNames, type CategoryColumn, type Column, type Table } from "./table";
import { counted, didYouMean, digits, listed, quoted } from "./wording";

/** A column of the table by its name in the run config. @throws DataError naming the columns that there are. */
export function requiredColumn(table: Table, name: string, role: "target" | "feature" | "ignored"): Column {
  const column = columnNamed(table, name);
  if (column !== null) return column;
  const names = columnNames(table);
  const what =
    role === "target" ? "target column" : role === "feature" ? "column for features" : "column to ignore";
  throw new DataError(
    `${table.file} has no ${what} called ${quoted(name)}; it has ${listed(names)}.${didYouMean(name, names)}`,
  );
}

/**
 * The columns that the network reads: those named in `features`, else every column that is neither target
 * nor ignored, less those that tell nothing about other rows (names, dates, empty columns).
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
  for (const column of features) {
    if (isRowNumber(column, rows)) {
      notes.push(
        `Column ${quoted(column.name)} looks like a row number; if it is, leave it out with "ignore": [${JSON.stringify(column.name)}].`,
      );
    }
  }
  return features;
}

/** What to do about columns that are all of no use. */
function howToGetOne(left: readonly Column[], table: Table): string {
  if (left.length === 0) return "add columns to predict from";
  for (const column of left) {
    if (column.kind === "number" || !meantAsNumbers(column.text)) continue;
    return `${quoted(column.name)} would be one, but ${notNumbers(column.text, table)}; correct or empty ${those(column.text)}`;
  }
  const [hold, them] = left.length === 1 ? ["holds", "it"] : ["hold", "them"];
  return (
    `${listed(left.map((column) => column.name))} ${hold} only names, dates or nothing; ` +
    `use ${them} anyway by naming ${them} in "features"`
  );
}

interface Useless {
  readonly column: string;
  readonly reason: "empty" | "dates" | "names";
  /** The sentence for this column alone. */
  readonly note: string;
}

const reasons: Record<Useless["reason"], string> = {
  empty: "they have no values",
  dates: `they hold dates; name them in "features" to use them anyway`,
  names: `most of their values differ, like names; name them in "features" to use them anyway`,
};

/** A sentence for each column, or, where it would be a flood, for each reason. */
function noteLeftOut(leftOut: readonly Useless[], notes: string[]): void {
  for (const reason of ["names", "dates", "empty"] as const) {
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
  if (column.kind === "number") {
    const { values } = column;
    return rows.some((row) => !Number.isNaN(values[row])) ? null : useless("empty", "it has no values");
  }
  if (column.kind === "text") {
    const what = meantAsNumbers(column.text) ? notNumbers(column.text, table) : "it does not hold numbers";
    return useless(
      "names",
      `${what}, and as text it has more than ${digits(column.distinct - 1)} different values, like a name`,
    );
  }
  const force = `name it in "features" to use it anyway`;
  const { distinct, present } = countDistinct(column, rows);
  if (present === 0) return useless("empty", "it has no values");
  if (column.dates) return useless("dates", `it holds dates; ${force}, each date as a category`);
  if (distinct * 2 <= present) return null;
  const differing = `${digits(distinct)} different values in ${counted(present, "row")}, like a name`;
  const why = meantAsNumbers(column.text)
    ? `${notNumbers(column.text, table)}, and as text it has ${differing}; correct or empty ${those(column.text)}, or ${force}`
    : `it has ${differing}; ${force}`;
  return useless("names", why);
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
  if (column.kind !== "category" || !meantAsNumbers(column.text)) return null;
  return (
    `Column ${quoted(column.name)} is read as categories because ${notNumbers(column.text, table)}; ` +
    `correct or empty ${those(column.text)} to read it as numbers.`
  );
}

/** Consecutive integers from the first row on, under a name that says so. */
function isRowNumber(column: Column, rows: Uint32Array): boolean {
  if (
    column.kind !== "number" ||
    rows.length < 3 ||
    !/^(id|index|row|rownames?|no|nr|number|#)$/i.test(column.name)
  ) {
    return false;
  }
  const { values } = column;
  for (let at = 1; at < rows.length; at++) {
    if (values[rows[at]] - values[rows[at - 1]] !== rows[at] - rows[at - 1]) return false;
  }
  return true;
}
