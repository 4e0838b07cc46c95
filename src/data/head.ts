import { decodeHead } from "./decode";
import { readDelimitedText } from "./delimited";
import type { DataFormat } from "./readTable";
import type { Column, Table } from "./table";

/** What the beginning of a data file tells about its columns: enough to ask which one to predict. */
export interface Head {
  readonly columns: readonly HeadColumn[];
  /** Rows looked at. */
  readonly rows: number;
}

export interface HeadColumn {
  readonly name: string;
  /** "text" is like a name: more than half of the values differ. */
  readonly type: "number" | "category" | "date" | "text" | "empty";
  /** A few different values, in the order of the file. */
  readonly examples: readonly string[];
  /** How many different values there are in the rows looked at. */
  readonly distinct: number;
  /** What training would do, going by these rows, if the column were the target. */
  readonly task: "classification" | "regression";
}

/** Rows enough to tell types; more would only take time. */
const mostRows = 1000;

/**
 * Describes the columns of a data file from its first text (64 KB are plenty) or bytes.
 *
 * @param beginning decoded text, or bytes, which may end in the middle of a character
 * @param options.complete it is the whole file, so that its last line counts too
 * @throws DataError when that is no table
 */
export function readHead(
  beginning: string | Uint8Array,
  options: { format: DataFormat; file: string; complete: boolean },
): Head {
  const { format, file, complete } = options;
  const text = typeof beginning === "string" ? beginning : decodeHead(beginning, file);
  const table = readDelimitedText(text, { format, file, maxRows: mostRows }, complete);
  return {
    columns: table.columns.map((column) => describe(column, table)),
    rows: table.rowCount,
  };
}

function describe(column: Column, table: Table): HeadColumn {
  const values = new Set<string>();
  if (column.kind === "number") {
    for (const value of column.values) if (!Number.isNaN(value)) values.add(String(value));
  } else if (column.kind === "category") {
    for (const label of column.labels) values.add(label);
  }
  const present = table.rowCount - column.missing;
  return {
    name: column.name,
    type: typeOf(column, values.size, present),
    examples: [...values].slice(0, 4),
    distinct: values.size,
    task: column.kind === "number" && !isClassLike(values) ? "regression" : "classification",
  };
}

function typeOf(column: Column, distinct: number, present: number): HeadColumn["type"] {
  if (present === 0) return "empty";
  if (column.kind === "number") return "number";
  if (column.kind === "text") return "text";
  if (column.dates) return "date";
  return distinct * 2 > present ? "text" : "category";
}

function isClassLike(values: Set<string>): boolean {
  return values.size <= 20 && [...values].every((value) => Number.isInteger(Number(value)));
}
