/**
 * The libraries that read Parquet. The build makes them a bundle of their own, loaded when a Parquet file is met, which
 * the worker, the command line and the editor share; hence this module is only ever imported by `import()`.
 */
export { compressors } from "hyparquet-compressors";
export { parquetMetadataAsync, parquetRead, parquetSchema } from "hyparquet/src/index.js";
