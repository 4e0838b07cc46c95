import { DataError } from "./dataError";
import type { DataSource } from "./dataSource";
import { decodeText } from "./decode";
import { DelimitedParser, type ParsedRows } from "./delimitedParser";
import type { ReadOptions } from "./readTable";
import type { Table } from "./table";
import { TableBuilder } from "./tableBuilder";

/** Cells of a short piece are garbage before the collector has to move them. */
const pieceLength = 1 << 16;

/** CSV and TSV: bytes → text → rows of cells → typed columns, a piece at a time. */
export async function readDelimited(source: DataSource, options: ReadOptions): Promise<Table> {
  const table = new DelimitedTable(options);
  for await (const text of decodeText(counted(source.chunks(), options.onProgress), options.file)) {
    for (let at = 0; at < text.length; at += pieceLength) {
      table.push(text.length > pieceLength ? text.slice(at, at + pieceLength) : text);
      if (table.isFull) return table.finish();
    }
  }
  return table.end();
}

/**
 * The same for the first text of a file.
 *
 * @param complete the text is all there is; else its last line may be cut off and is left out
 */
export function readDelimitedText(text: string, options: ReadOptions, complete: boolean): Table {
  const table = new DelimitedTable(options);
  table.push(text, true);
  return complete ? table.end() : table.soFar();
}

class DelimitedTable {
  private readonly parser: DelimitedParser;
  private builder: TableBuilder | null = null;

  constructor(private readonly options: Pick<ReadOptions, "file" | "format" | "maxRows">) {
    this.parser = new DelimitedParser(options.file, options.format === "tsv" ? "\t" : null);
  }

  get isFull(): boolean {
    return this.builder !== null && this.builder.rowCount >= (this.options.maxRows ?? Infinity);
  }

  push(text: string, now = false): void {
    this.take(this.parser.push(text, now));
  }

  /** The table of the whole file. */
  end(): Table {
    this.take(this.parser.end());
    return this.finish();
  }

  /** The table of the complete rows so far, even if there are none. */
  soFar(): Table {
    // A header longer than the text: its names, but for the last, which may be cut off.
    if (this.builder === null) {
      const { rows, lines } = this.parser.end();
      this.take({ rows: rows.map((row) => (row.length > 1 ? row.slice(0, -1) : row)), lines });
    }
    return this.builder === null ? this.finish() : this.builder.finish(true);
  }

  finish(): Table {
    if (this.builder === null) {
      throw new DataError(
        `${this.options.file} is empty; it needs a line of column names and rows below it.`,
      );
    }
    return this.builder.finish();
  }

  private take({ rows, lines }: ParsedRows): void {
    if (rows.length === 0) return;
    if (this.builder === null) {
      const names = rows[0].map((name) => name.trim());
      // Spreadsheet programs separate by semicolons where the comma is the decimal point.
      const decimalComma = this.parser.delimiter === ";";
      this.builder = new TableBuilder(this.options.file, names, lines[0], decimalComma);
      [rows, lines] = [rows.slice(1), lines.slice(1)];
    }
    const room = (this.options.maxRows ?? Infinity) - this.builder.rowCount;
    if (rows.length > room) [rows, lines] = [rows.slice(0, room), lines.slice(0, room)];
    this.builder.append(rows, lines);
  }
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  onProgress: ((bytes: number) => void) | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    onProgress?.(bytes);
    yield chunk;
  }
}
