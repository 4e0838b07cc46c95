import { decodeText } from "./decode";
import { DelimitedParser } from "./delimitedParser";
import type { DataFormat } from "./readTable";

/**
 * The cells of a delimited file as they are written, block by block; the first row of the first block holds the column
 * names. Its rows are those of the table that `readTable` makes of the same bytes.
 *
 * @throws DataError when the bytes are no text, or a quote never closes
 */
export async function* readCells(
  chunks: AsyncIterable<Uint8Array>,
  { file, format }: { file: string; format: DataFormat },
): AsyncGenerator<string[][], void, undefined> {
  const parser = new DelimitedParser(file, format === "tsv" ? "\t" : null);
  for await (const text of decodeText(chunks, file)) {
    const { rows } = parser.push(text);
    if (rows.length > 0) yield rows.map(withoutReturn);
  }
  const { rows } = parser.end();
  if (rows.length > 0) yield rows.map(withoutReturn);
}

/** The parser leaves the "\r" of a line's "\r\n" in its last cell. */
function withoutReturn(row: string[]): string[] {
  const last = row[row.length - 1];
  return last.endsWith("\r") ? [...row.slice(0, -1), last.slice(0, -1)] : row;
}
