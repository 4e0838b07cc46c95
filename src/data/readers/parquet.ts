import type { FileMetaData, SchemaTree } from "hyparquet/src/index.js";
import { DataError } from "../dataError";
import type { DataSource } from "../dataSource";
import type { ReadOptions } from "../readTable";
import type { Column, Table } from "../table";
import { digits, quoted } from "../wording";
import { CheckedChunk, leafOf } from "./parquetChunk";
import { batches, placeOf } from "./parquetPlaces";
import { columnSchemas, onlyColumns, type ColumnSchema } from "./parquetSchema";
import { endOfStruct } from "./parquetThrift";
import { remarkNotes } from "./remarks";
import { checkSize } from "./size";
import { ValueColumn } from "./valueColumn";

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
    const { parquetMetadataAsync, parquetSchema } = await import("./parquetLibrary");
    await this.checkDescription();
    const metadata = await parquetMetadataAsync(this.buffer(), { geoparquet: false });
    const tree = parquetSchema(metadata);
    const schemas = columnSchemas(tree);
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
      await this.readGroup(metadata, group, rows, schemas, tree, columns);
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
    tree: SchemaTree,
    columns: readonly ValueColumn[],
  ): Promise<void> {
    const wanted = schemas.filter(({ content }) => content !== "nested" && content !== "bytes");
    for (const batch of batches(wanted, metadata.row_groups[group].columns)) {
      const from = Math.min(...batch.map((each) => each.from));
      const to = Math.max(...batch.map((each) => each.to));
      const bytes = await this.slice(from, to);
      for (const { schema, ...part } of batch) {
        const buffer = bytes.slice(part.from - from, part.to - from);
        const only = onlyColumns(metadata, group, [schema]);
        await this.readChunk(
          only,
          rows,
          { buffer, from: part.from },
          tree.children[schema.index],
          columns[schema.index],
        );
      }
    }
  }

  /** One column of a row group. */
  private async readChunk(
    metadata: FileMetaData,
    rows: number,
    { buffer, from }: { buffer: ArrayBuffer; from: number },
    tree: SchemaTree,
    column: ValueColumn,
  ): Promise<void> {
    const { compressors, deltaBinaryUnpack, parquetHeader, parquetRead } = await import("./parquetLibrary");
    const [{ meta_data: chunk }] = metadata.row_groups[0].columns;
    if (chunk === undefined) throw new Error("a column is not described");
    const leaf = leafOf(tree);
    if (leaf.maxRepetition === 0 && chunk.num_values !== metadata.num_rows)
      throw new Error("a column has more or fewer values than there are rows");
    const checked = new CheckedChunk(new Uint8Array(buffer), chunk, leaf, {
      compressors,
      deltaBinaryUnpack,
      parquetHeader,
    });
    const faults: Error[] = [];
    let got = 0;
    await parquetRead({
      file: {
        byteLength: this.source.size,
        slice: (start, end = start) => {
          // The library asks for the whole chunk.
          if (start !== from || end !== from + buffer.byteLength)
            throw new Error("a part lies outside its column");
          return buffer;
        },
      },
      metadata,
      rowEnd: rows,
      compressors: checked.compressors(),
      geoparquet: false,
      parsers,
      onChunk: ({ columnData, rowStart }) => {
        try {
          const count = Math.max(0, Math.min(columnData.length, rows - rowStart));
          got += count;
          append(column, columnData, count, leaf.maxRepetition > 0);
        } catch (error) {
          // It would be nobody's rejection.
          faults.push(error instanceof Error ? error : new Error(String(error)));
        }
      },
    });
    if (faults.length > 0) throw faults[0];
    if (got !== rows) throw new Error(`column ${column.name} has ${got} of ${rows} rows`);
  }

  /** Sees to it that the description of the file, at its end, is one. */
  private async checkDescription(): Promise<void> {
    const { size } = this.source;
    if (size < 12) return;
    const tail = new DataView(await this.slice(size - 8, size));
    const length = tail.getUint32(0, true);
    // The library says so itself.
    if (tail.getUint32(4, true) !== 0x31524150 || length > size - 8) return;
    endOfStruct(new Uint8Array(await this.slice(size - 8 - length, size - 8)), 0);
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
        const { from, to } = placeOf(chunk);
        if (!(from >= 0 && from <= to && to <= this.source.size))
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
    const { size } = this.source;
    return { byteLength: size, slice: (from, to = size) => this.slice(from, to) };
  }

  private async slice(from: number, to: number): Promise<ArrayBuffer> {
    const { source, options } = this;
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
    // What has no name is no part of the format, but damage.
    if (unsupported !== undefined && !reason.includes("undefined")) {
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

function append(column: ValueColumn, data: ArrayLike<unknown>, count: number, lists: boolean): void {
  const values = count < data.length ? Array.prototype.slice.call(data, 0, count) : data;
  if (isNumbers(values)) {
    column.appendNumbers(values);
    return;
  }
  for (let at = 0; at < values.length; at++) {
    const value: unknown = values[at];
    // What is missing is null, or in a list column no list; this is a reference to what its dictionary has not.
    if ((value === undefined && !lists) || (Array.isArray(value) && value.includes(undefined)))
      throw new Error("a value is not in its dictionary");
    column.append(value);
  }
}

function isNumbers(values: ArrayLike<unknown>): values is ArrayLike<number> {
  for (let at = 0; at < values.length; at++) if (typeof values[at] !== "number") return false;
  return true;
}
