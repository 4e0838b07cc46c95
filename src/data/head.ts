import type { DataFormat } from "../config/runConfig";
import type { DataSource } from "./dataSource";
import { readTable } from "./readTable";
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

/** Text enough for that; of a JSON file more, where whole columns may come one after the other. */
const mostBytes: Record<DataFormat, number> = {
  csv: 1 << 18,
  tsv: 1 << 18,
  jsonl: 1 << 18,
  json: 1 << 24,
  parquet: Infinity,
};

/**
 * Describes the columns of a data file from its first rows.
 *
 * @param most of a text format, so many bytes of text are read
 * @throws DataError when that is no table
 */
export async function readHead(
  source: DataSource,
  { format, file, most = mostBytes[format] }: { format: DataFormat; file: string; most?: number },
): Promise<Head> {
  // Rows that cannot be read are told of when training asks for them.
  const options = { format, file, maxRows: mostRows, mostBytes: most, badRows: "skip" } as const;
  const table = await readTable(source, options);
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
