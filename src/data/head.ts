import { decodeHead } from "./decode";
import { readDelimitedText } from "./delimited";
import type { DataFormat } from "./readTable";
import { columnType, type Column, type ColumnType, type Table } from "./table";

/** What the beginning of a data file tells about its columns: enough to ask which one to predict. */
export interface Head {
  readonly columns: readonly HeadColumn[];
  /** Rows looked at. */
  readonly rows: number;
}

export interface HeadColumn {
  readonly name: string;
  readonly type: ColumnType;
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
  if (column.kind === "number" || column.kind === "date") {
    for (const value of column.values) if (!Number.isNaN(value)) values.add(String(value));
  } else if (column.kind === "category" || column.kind === "boolean") {
    for (const label of column.labels) values.add(label);
  }
  return {
    name: column.name,
    type: columnType(column, table),
    examples: [...values].slice(0, 4),
    distinct: values.size,
    task:
      column.kind === "date" || (column.kind === "number" && !isClassLike(values))
        ? "regression"
        : "classification",
  };
}

function isClassLike(values: Set<string>): boolean {
  return values.size <= 20 && [...values].every((value) => Number.isInteger(Number(value)));
}
