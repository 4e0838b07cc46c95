import { DataError } from "../dataError";
import type { DataSource } from "../dataSource";
import { DelimitedParser, type ParsedRows } from "./delimitedParser";
import type { ReadOptions } from "../readTable";
import type { Table } from "../table";
import { PlainRows } from "./plainRows";
import { TableBuilder } from "./tableBuilder";
import { readText, type TextTable } from "./textTable";

/** Cells of a short piece are garbage before the collector has to move them. */
const pieceLength = 1 << 16;

/** CSV and TSV: bytes → text → rows of cells → typed columns, a piece at a time. */
export function readDelimited(source: DataSource, options: ReadOptions): Promise<Table> {
  return readText(source, options, new DelimitedTable(options));
}

export class DelimitedTable implements TextTable {
  private readonly parser: DelimitedParser;
  private builder: TableBuilder | null = null;
  /** Set when the columns are known, unless points may separate thousands. */
  private plain: PlainRows | null = null;

  /** @param quick whether to take the quick way where it leads to the same table */
  constructor(
    private readonly options: Pick<ReadOptions, "file" | "format" | "maxRows" | "badRows">,
    private readonly quick = true,
  ) {
    this.parser = new DelimitedParser(options.file, options.format === "tsv" ? "\t" : null);
  }

  get isFull(): boolean {
    return this.builder !== null && this.builder.rowCount >= (this.options.maxRows ?? Infinity);
  }

  push(text: string): void {
    for (let at = 0; at < text.length && !this.isFull; at += pieceLength) {
      const piece = text.length > pieceLength ? text.slice(at, at + pieceLength) : text;
      const rest = this.plain === null ? piece : this.takePlain(piece, this.plain);
      if (rest !== "") this.take(this.parser.push(rest));
    }
  }

  private takePlain(piece: string, plain: PlainRows): string {
    const room = (this.options.maxRows ?? Infinity) - (this.builder?.rowCount ?? 0);
    return this.parser.passBy(piece, (text, line) => plain.take(text, line, room));
  }

  end(cut: boolean): Table {
    if (this.isFull || !cut) {
      if (!this.isFull) this.take(this.parser.end());
      return this.finish();
    }
    this.take(this.parser.complete());
    // A header longer than the text: its names, but for the last, which may be cut off.
    if (this.builder === null) {
      const { rows, lines } = this.parser.end();
      this.take({ rows: rows.map((row) => (row.length > 1 ? row.slice(0, -1) : row)), lines });
    }
    return this.finish(true);
  }

  private finish(emptyAllowed = false): Table {
    if (this.builder === null) {
      throw new DataError(
        `${this.options.file} is empty; it needs a line of column names and rows below it.`,
      );
    }
    return this.builder.finish(emptyAllowed);
  }

  private take({ rows, lines }: ParsedRows): void {
    if (rows.length === 0) return;
    if (this.builder === null) {
      const names = rows[0].map((name) => name.trim());
      // Spreadsheet programs separate by semicolons where the comma is the decimal point.
      const decimalComma = this.parser.delimiter === ";";
      const { file, badRows = "error" } = this.options;
      this.builder = new TableBuilder(names, lines[0], { file, badRows, decimalComma });
      if (this.quick && !decimalComma) this.plain = new PlainRows(this.parser.delimiter, this.builder);
      [rows, lines] = [rows.slice(1), lines.slice(1)];
    }
    const room = (this.options.maxRows ?? Infinity) - this.builder.rowCount;
    if (rows.length > room) [rows, lines] = [rows.slice(0, room), lines.slice(0, room)];
    this.builder.append(rows, lines);
  }
}
