import { brotliCompressSync, gzipSync } from "node:zlib";
import { parquetWriteBuffer, type ColumnSource, type ParquetWriteOptions } from "hyparquet-writer";

/** A Parquet file of these columns. */
export function parquetOf(
  columnData: ColumnSource[],
  options: Partial<Omit<ParquetWriteOptions, "writer" | "columnData">> = {},
): Uint8Array {
  const compressors = {
    GZIP: (input: Uint8Array) => gzipSync(input),
    BROTLI: (input: Uint8Array) => brotliCompressSync(input),
  };
  return new Uint8Array(parquetWriteBuffer({ columnData, compressors, ...options }));
}
