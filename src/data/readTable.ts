import { readDelimited } from "./delimited";
import type { DataSource } from "./dataSource";
import type { Table } from "./table";

export type DataFormat = "csv" | "tsv";

export interface ReadOptions {
  readonly format: DataFormat;
  /** How messages call the file. */
  readonly file: string;
  /** At most so many rows are read. */
  readonly maxRows?: number;
  /** Told, now and then, how many bytes have been read. */
  readonly onProgress?: (bytes: number) => void;
}

/** What every file format brings: from the bytes of a file to a table. */
type TableReader = (source: DataSource, options: ReadOptions) => Promise<Table>;

const readers: Record<DataFormat, TableReader> = {
  csv: readDelimited,
  tsv: readDelimited,
};

/**
 * Reads a data file into typed columns.
 *
 * @throws DataError when the file is no table: one sentence for the user
 */
export function readTable(source: DataSource, options: ReadOptions): Promise<Table> {
  return readers[options.format](source, options);
}
