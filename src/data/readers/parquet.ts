import type { Compressors, FileMetaData } from "hyparquet/src/index.js";
import { DataError } from "../dataError";
import type { DataSource } from "../dataSource";
import type { ReadOptions } from "../readTable";
import type { Column, Table } from "../table";
import { digits, quoted } from "../wording";
import { checkedCompressors } from "./parquetPages";
import { columnSchemas, onlyColumns, type ColumnSchema } from "./parquetSchema";
import { remarkNotes } from "./remarks";
import { checkSize } from "./size";
import { ValueColumn } from "./valueColumn";

/** Columns that are decoded together: few, so that little memory is needed beside that of the table. */
const mostTogether = 32;
const mostBytesTogether = 1 << 26;
const mostRows = 2 ** 31;

/**
 * Parquet, by hyparquet: every codec and encoding that it knows; columns of numbers, dates, booleans and text,
 * and lists of numbers. Columns of anything else are named and left out.
 */
export async function readParquet(source: DataSource, options: ReadOptions): Promise<Table> {
  const file = new ParquetFile(source, options);
  try {
    return await file.read();
  } catch (error) {
    throw file.explain(error);
  }
}

class ParquetFile {
  /** What the source threw: that reading was given up, or that the disk failed. */
  private failure: unknown = null;
  private bytesRead = 0;

  constructor(
    private readonly source: DataSource,
    private readonly options: ReadOptions,
  ) {}

  async read(): Promise<Table> {
    const { file, maxRows = Infinity } = this.options;
    // Their tables and WebAssembly are for those alone who read Parquet.
    const { compressors, parquetMetadataAsync, parquetSchema } = await import("./parquetLibrary");
    const metadata = await parquetMetadataAsync(this.buffer(), { geoparquet: false });
    const schemas = columnSchemas(parquetSchema(metadata));
    const rowCount = Math.min(this.check(metadata, schemas), maxRows);
    const columns = schemas.map(({ name, content }) => {
      const column = new ValueColumn(name, content === "dates");
      if (content === "nested") column.giveUp("it holds nested values");
      if (content === "bytes") column.giveUp("it holds binary data");
      return column;
    });
    let start = 0;
    for (const [group, { num_rows }] of metadata.row_groups.entries()) {
      const rows = Math.min(Number(num_rows), rowCount - start);
      if (rows <= 0) break;
      await this.readGroup(metadata, group, rows, schemas, columns, checkedCompressors(compressors));
      start += rows;
      for (const column of columns) column.padTo(start);
    }
    const finished: Column[] = columns.map((column) => column.finish(rowCount));
    return { file, rowCount, columns: finished, lines: null, notes: remarkNotes(columns) };
  }

  private async readGroup(
    metadata: FileMetaData,
    group: number,
    rows: number,
    schemas: readonly ColumnSchema[],
    columns: readonly ValueColumn[],
    compressors: Compressors,
  ): Promise<void> {
    const { parquetRead } = await import("./parquetLibrary");
    const wanted = schemas.filter(({ content }) => content !== "nested" && content !== "bytes");
    for (const batch of batches(wanted, metadata, group)) {
      const byName = new Map(batch.map(({ name, index }) => [name, columns[index]]));
      const got = new Map<string, number>();
      const faults: Error[] = [];
      await parquetRead({
        file: this.buffer(),
        metadata: onlyColumns(metadata, group, batch),
        rowEnd: rows,
        compressors,
        geoparquet: false,
        parsers,
        onChunk: ({ columnName, columnData, rowStart }) => {
          try {
            const column = byName.get(columnName);
            const count = Math.min(columnData.length, rows - rowStart);
            got.set(columnName, (got.get(columnName) ?? 0) + Math.max(count, 0));
            if (column !== undefined) append(column, columnData, count);
          } catch (error) {
            // It would be nobody's rejection.
            faults.push(error instanceof Error ? error : new Error(String(error)));
          }
        },
      });
      if (faults.length > 0) throw faults[0];
      for (const { name } of batch) {
        if (got.get(name) !== rows)
          throw new Error(`column ${name} has ${got.get(name) ?? 0} of ${rows} rows`);
      }
    }
  }

  /** @returns the number of rows */
  private check(metadata: FileMetaData, schemas: readonly ColumnSchema[]): number {
    const { file } = this.options;
    const rows = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
    if (
      rows !== Number(metadata.num_rows) ||
      rows < 0 ||
      metadata.row_groups.some((group) => group.num_rows < 0n)
    )
      throw new Error("row counts do not agree");
    const names = new Set<string>();
    for (const { name } of schemas) {
      if (names.has(name))
        throw new DataError(`${file} has two columns called ${quoted(name)}; rename one of them.`);
      names.add(name);
    }
    for (const { columns } of metadata.row_groups) {
      for (const { meta_data: chunk, file_path } of columns) {
        if (chunk === undefined || file_path !== undefined) throw new Error("a column lies in another file");
        const start = Number(chunk.dictionary_page_offset ?? chunk.data_page_offset);
        if (start < 0 || start + Number(chunk.total_compressed_size) > this.source.size)
          throw new Error("a column lies outside the file");
      }
    }
    if (schemas.length === 0 || rows === 0)
      throw new DataError(`${file} has no ${schemas.length === 0 ? "columns" : "rows"}; it needs some.`);
    checkSize(file, Math.min(rows, this.options.maxRows ?? Infinity), schemas.length);
    if (rows > mostRows)
      throw new DataError(
        `${file} says that it has ${digits(rows)} rows, more than can be read; it may be damaged.`,
      );
    return rows;
  }

  private buffer(): { byteLength: number; slice(from: number, to?: number): Promise<ArrayBuffer> } {
    const { source, options } = this;
    return {
      byteLength: source.size,
      slice: async (from, to = source.size) => {
        if (!(from >= 0 && from <= to && to <= source.size)) throw new Error("a part lies outside the file");
        try {
          const bytes = await source.slice(from, to);
          this.bytesRead += bytes.byteLength;
          options.onProgress?.(Math.min(this.bytesRead, source.size));
          return bytes;
        } catch (error) {
          this.failure = error;
          throw error;
        }
      },
    };
  }

  /** What went wrong, for the user: the library's errors tell of damage, or of what it does not know. */
  explain(error: unknown): unknown {
    if (this.failure !== null) return this.failure;
    if (error instanceof DataError) return error;
    const { file } = this.options;
    const reason = error instanceof Error ? error.message.replace(/\s+/g, " ") : "";
    const unsupported = /unsupported (?<one>[\w\s-]+: ?\w+)|(?<other>\w+) not supported/i.exec(
      reason,
    )?.groups;
    if (unsupported !== undefined) {
      const what = Object.values(unsupported).find(Boolean) ?? "";
      return new DataError(
        `${file} uses something of Parquet that cannot be read here (${what}); write it again without.`,
      );
    }
    if (
      /PAR1|too short|Offset is outside|AsyncBuffer/.test(reason) &&
      this.bytesRead <= this.source.size &&
      this.source.size < 12
    )
      return new DataError(`${file} is not a Parquet file; it has ${digits(this.source.size)} bytes.`);
    if (/PAR1/.test(reason)) {
      return new DataError(
        `${file} does not end like a Parquet file; it is cut off, or something else and needs another "format".`,
      );
    }
    return new DataError(`${file} is a damaged Parquet file and cannot be read; get a fresh copy of it.`);
  }
}

/** Dates become days since 1970-01-01, and bytes text. */
const parsers = {
  dateFromDays: (days: number) => days,
  timestampFromMilliseconds: (time: bigint) => Number(time) / 86_400_000,
  timestampFromMicroseconds: (time: bigint) => Number(time) / 86_400_000_000,
  timestampFromNanoseconds: (time: bigint) => Number(time) / 86_400_000_000_000,
  jsonFromBytes: (bytes: Uint8Array) => new TextDecoder().decode(bytes),
};

function append(column: ValueColumn, data: ArrayLike<unknown>, count: number): void {
  const values = count < data.length ? Array.prototype.slice.call(data, 0, count) : data;
  if (isNumbers(values)) column.appendNumbers(values);
  else for (let at = 0; at < values.length; at++) column.append(values[at]);
}

function isNumbers(values: ArrayLike<unknown>): values is ArrayLike<number> {
  for (let at = 0; at < values.length; at++) if (typeof values[at] !== "number") return false;
  return true;
}

/** Neighbouring columns, few enough to be decoded together. */
function* batches(
  schemas: readonly ColumnSchema[],
  metadata: FileMetaData,
  group: number,
): Generator<ColumnSchema[]> {
  const sizes = new Map<string, number>();
  for (const { meta_data: chunk } of metadata.row_groups[group].columns) {
    const name = chunk?.path_in_schema[0] ?? "";
    sizes.set(name, (sizes.get(name) ?? 0) + Number(chunk?.total_uncompressed_size ?? 0));
  }
  let batch: ColumnSchema[] = [];
  let bytes = 0;
  for (const schema of schemas) {
    const size = sizes.get(schema.name) ?? 0;
    if (batch.length > 0 && (batch.length === mostTogether || bytes + size > mostBytesTogether)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(schema);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
