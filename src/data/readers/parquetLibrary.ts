/**
 * The libraries that read Parquet. The build makes them a bundle of their own, loaded when a Parquet file is met, which
 * the worker, the command line and the editor share; hence this module is only ever imported by `import()`.
 */
export { compressors } from "hyparquet-compressors";
export { parquetHeader } from "hyparquet/src/column.js";
export { deltaBinaryUnpack } from "hyparquet/src/delta.js";
export { parquetMetadataAsync, parquetRead, parquetSchema } from "hyparquet/src/index.js";
