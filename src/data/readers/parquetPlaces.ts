import type { ColumnChunk, ColumnMetaData } from "hyparquet/src/index.js";
import type { ColumnSchema } from "./parquetSchema";

/** Columns that are read together: few, so that little memory is needed beside that of the table. */
const mostTogether = 32;
const mostBytesTogether = 1 << 26;

/** Where the pages of a column start and end: with those of its dictionary, if it has one. */
export function placeOf(chunk: ColumnMetaData): { from: number; to: number } {
  // Zero says that there is no dictionary, too.
  const from = Number(chunk.dictionary_page_offset || chunk.data_page_offset);
  return { from, to: from + Number(chunk.total_compressed_size) };
}

interface ColumnPlace {
  readonly schema: ColumnSchema;
  readonly from: number;
  readonly to: number;
}

/** Neighbouring columns, few enough to be read from the disk together. */
export function* batches(
  schemas: readonly ColumnSchema[],
  chunks: readonly ColumnChunk[],
): Generator<ColumnPlace[]> {
  const places = new Map<string, { from: number; to: number }>();
  const wanted = new Set(schemas.map(({ name }) => name));
  for (const { meta_data: chunk } of chunks) {
    const [name] = chunk?.path_in_schema ?? [];
    // Nested columns have several of the same name.
    if (chunk === undefined || !wanted.has(name)) continue;
    if (places.has(name)) throw new Error("a column is there twice");
    places.set(name, placeOf(chunk));
  }
  let batch: ColumnPlace[] = [];
  let [first, last] = [Infinity, 0];
  for (const schema of schemas) {
    const place = places.get(schema.name);
    if (place === undefined) throw new Error("a column is missing");
    const [low, high] = [Math.min(first, place.from), Math.max(last, place.to)];
    if (batch.length > 0 && (batch.length === mostTogether || high - low > mostBytesTogether)) {
      yield batch;
      batch = [];
      [first, last] = [place.from, place.to];
    } else {
      [first, last] = [low, high];
    }
    batch.push({ schema, ...place });
  }
  if (batch.length > 0) yield batch;
}
