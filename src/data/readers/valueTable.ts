import { DataError } from "../dataError";
import type { Table } from "../table";
import { digits } from "../wording";
import { remarkNotes } from "./remarks";
import { checkSize } from "./size";
import { ValueColumn } from "./valueColumn";

const mostColumns = 1 << 16;
/** From so many columns on, rows must share their keys: else the file is keyed by what should be in its rows. */
const manyColumns = 1 << 12;
const leastFilled = 0.01;

/** Collects rows of named values, such as JSON objects, into a table. */
export class ValueTable {
  private readonly byName = new Map<string, ValueColumn>();
  private count = 0;
  private filled = 0;
  private lines = new Uint32Array(1024);

  constructor(private readonly file: string) {}

  get rowCount(): number {
    return this.count;
  }

  /** A column of this name; rows before are without a value. */
  column(name: string): ValueColumn {
    let column = this.byName.get(name);
    if (column === undefined) {
      this.checkWidth();
      column = new ValueColumn(name);
      this.byName.set(name, column);
    }
    return column;
  }

  /** @param line on which the row starts in the file */
  appendRow(row: Readonly<Record<string, unknown>>, line: number): void {
    const names = Object.keys(row);
    this.filled += names.length;
    checkSize(this.file, this.count, this.byName.size);
    for (const name of names) {
      const column = this.column(name);
      column.padTo(this.count);
      column.append(row[name]);
    }
    if (this.count === this.lines.length) {
      const larger = new Uint32Array(2 * this.lines.length);
      larger.set(this.lines);
      this.lines = larger;
    }
    this.lines[this.count++] = line;
  }

  private checkWidth(): void {
    const { size } = this.byName;
    const isSparse = size >= manyColumns && this.filled < leastFilled * size * this.count;
    if (size < mostColumns && !isSparse) return;
    throw new DataError(
      `The objects of ${this.file} have more than ${digits(size)} different keys, too many for columns; give every row the same keys.`,
    );
  }

  /**
   * @param rowCount for a file that was read by columns: how many rows that makes
   * @throws DataError when there is nothing in it
   */
  finish(notes: readonly string[], rowCount: number | null = null): Table {
    const { file } = this;
    const rows = rowCount ?? this.count;
    const builders = [...this.byName.values()];
    if (builders.length === 0)
      throw new DataError(`The objects of ${file} are empty; they need values with names.`);
    return {
      file,
      rowCount: rows,
      columns: builders.map((column) => column.finish(rows)),
      lines: rowCount === null ? this.lines.slice(0, rows) : null,
      notes: [...notes, ...remarkNotes(builders)],
    };
  }
}
