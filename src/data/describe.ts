/** Start reading here: from a table to its description, column by column, for people to look at before they train. */
import { describeWarnings, imbalanceOf } from "./describeWarnings";
import type { ColumnDescription, NumberSummary, TableDescription, ValueCount } from "./description";
import { duplicateColumns, repeatedRows } from "./duplicates";
import { dateHistogramOf, histogramOf } from "./histogram";
import { medianInPlace } from "./median";
import { columnType, type Column, type Table } from "./table";
import { suggestTargets } from "./target";
import { mostIntegerClasses } from "./task";

/** Different numbers are counted up to here; more make no difference to anybody and would cost memory. */
const mostCounted = 10_000;
/** So many of the most frequent values are told. */
const mostValues = 20;

/** Takes time in proportion to the cells of the table, and a copy of one column at a time. */
export function describeTable(table: Table): TableDescription {
  const duplicates = duplicateColumns(table);
  const described = table.columns.map((column): ColumnDescription => {
    const alone = describeColumn(column, table);
    // There is nothing to predict the only column from.
    const plain = table.columns.length > 1 ? alone : { ...alone, task: null };
    return { ...plain, warnings: describeWarnings(plain, column, table, duplicates) };
  });
  const targets = suggestTargets({ columns: described });
  const columns = described.map((column) => {
    const isLikelyTarget =
      column.name === targets[0] || column.type === "category" || column.type === "boolean";
    const warning = isLikelyTarget ? imbalanceOf(column) : null;
    return warning ? { ...column, warnings: [...column.warnings, warning] } : column;
  });
  return {
    file: table.file,
    rows: table.rowCount,
    columns,
    targets,
    notes: [...table.notes, ...repeatedRows(table)],
  };
}

type Described = Omit<ColumnDescription, "warnings">;

function describeColumn(column: Column, table: Table): Described {
  const { name, missing } = column;
  const type = columnType(column, table);
  const plain = {
    name,
    type,
    missing,
    distinct: 0,
    distinctAtLeast: false,
    numbers: null,
    length: null,
    values: [],
    histogram: null,
    task: null,
  };
  if (type === "empty") return plain;
  switch (column.kind) {
    case "number":
    case "date":
      return { ...plain, ...describeNumbers(column.kind, column.values) };
    case "vector": {
      const numbers = summarise(column.values);
      const histogram = numbers && histogramOf(column.values, numbers);
      return { ...plain, length: column.width, numbers, histogram };
    }
    case "boolean":
    case "category": {
      const values = countCodes(column.codes, column.labels);
      return {
        ...plain,
        distinct: values.length,
        values: values.slice(0, mostValues),
        task: canBeClasses(values.length, table.rowCount - missing) ? "classification" : null,
      };
    }
    case "text":
      return { ...plain, distinct: column.distinct, distinctAtLeast: true };
  }
}

/** Classes are learned from rows that share them. */
function canBeClasses(distinct: number, present: number): boolean {
  return distinct > 1 && (distinct < present || present <= mostIntegerClasses);
}

function describeNumbers(
  type: "number" | "date",
  values: Float64Array,
): Omit<Described, "name" | "type" | "missing" | "length"> {
  const numbers = summarise(values);
  const { distinct, few } = countDistinct(values);
  // As for training, where an infinity is no class.
  const allFinite = few?.every(({ label }) => Number.isFinite(Number(label))) === true;
  const classLike = type === "number" && numbers?.integers === true && allFinite;
  return {
    distinct,
    distinctAtLeast: distinct === mostCounted,
    numbers,
    values: type === "number" ? frequentFirst(few ?? []) : [],
    histogram: numbers && (type === "date" ? dateHistogramOf(values, numbers) : histogramOf(values, numbers)),
    task: distinct < 2 ? null : classLike ? "classification" : "regression",
  };
}

/** How many different numbers there are, up to `mostCounted`, and, where they could be classes, how often each comes. */
function countDistinct(values: Float64Array): { distinct: number; few: ValueCount[] | null } {
  const counts = new Map<number, number>();
  let row = 0;
  for (; row < values.length && counts.size <= mostIntegerClasses; row++) {
    const value = values[row];
    if (!Number.isNaN(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  if (counts.size <= mostIntegerClasses)
    return {
      distinct: counts.size,
      few: [...counts].map(([value, count]) => ({ label: String(value), count })),
    };
  const seen = new Set(counts.keys());
  for (; row < values.length && seen.size < mostCounted; row++)
    if (!Number.isNaN(values[row])) seen.add(values[row]);
  return { distinct: seen.size, few: null };
}

/** Of the finite values; null where there is none. */
function summarise(values: Float64Array): NumberSummary | null {
  let count = 0;
  let integers = true;
  let [min, max, mean] = [Infinity, -Infinity, 0];
  const finite = new Float64Array(values.length);
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    finite[count++] = value;
    if (value < min) min = value;
    if (value > max) max = value;
    // Welford's mean does not overflow where a sum would.
    mean += (value - mean) / count;
    integers &&= Number.isInteger(value);
  }
  if (count === 0) return null;
  let squares = 0;
  for (let at = 0; at < count; at++) squares += (finite[at] - mean) ** 2;
  const deviation = Math.sqrt(squares / count);
  return { min, max, mean, median: medianInPlace(finite.subarray(0, count)), deviation, integers };
}

function countCodes(codes: Int32Array, labels: readonly string[]): ValueCount[] {
  const counts = new Float64Array(labels.length);
  for (const code of codes) if (code >= 0) counts[code]++;
  return frequentFirst(
    labels.map((label, code) => ({ label, count: counts[code] })).filter(({ count }) => count > 0),
  );
}

/** Equally frequent ones stay in the order of the file. */
function frequentFirst(values: ValueCount[]): ValueCount[] {
  return values.sort((a, b) => b.count - a.count);
}
