import type { DataFormat } from "../config/runConfig";
import { DataError } from "./dataError";
import type { DataSource } from "./dataSource";
import type { BadRowsPolicy } from "./readers/badRows";
import { readDelimited } from "./readers/delimited";
import { readJson } from "./readers/json";
import { readJsonLines } from "./readers/jsonLines";
import { readParquet } from "./readers/parquet";
import type { Table } from "./table";

export interface ReadOptions {
  readonly format: DataFormat;
  /** How messages call the file. */
  readonly file: string;
  /** At most so many rows are read. */
  readonly maxRows?: number;
  /** Of a text format, only about so many bytes of text are read, and what they cut off is left out. */
  readonly mostBytes?: number;
  /** Told when there may be more text than `mostBytes`. */
  readonly onCut?: () => void;
  /** What becomes of rows that cannot be read; by default "error". */
  readonly badRows?: BadRowsPolicy;
  /** Told, now and then, how many bytes have been read. */
  readonly onProgress?: (bytes: number) => void;
}

/** What every file format brings: from the bytes of a file to a table. */
export type TableReader = (source: DataSource, options: ReadOptions) => Promise<Table>;

const readers: Record<DataFormat, TableReader> = {
  csv: readDelimited,
  tsv: readDelimited,
  json: readJson,
  jsonl: readJsonLines,
  parquet: readParquet,
};

/**
 * Reads a data file into typed columns. Text formats may be compressed with gzip, whatever the file is called.
 *
 * @throws DataError when the file is no table: one sentence for the user
 */
export async function readTable(source: DataSource, options: ReadOptions): Promise<Table> {
  try {
    return await readers[options.format](source, options);
  } catch (error) {
    // What typed arrays and strings throw when there is no room for them.
    if (
      error instanceof RangeError &&
      /allocation failed|Invalid (typed )?array (buffer )?length|Invalid string length/i.test(error.message)
    ) {
      throw new DataError(
        `${options.file} needs more memory than there is; read fewer rows ("rows"), or keep fewer columns in it.`,
      );
    }
    throw error;
  }
}
