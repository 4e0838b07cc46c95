import { DataError } from "../dataError";
import type { Column, Table } from "../table";
import { counted, listed, quoted } from "../wording";
import { BadRows, type BadRowsPolicy } from "./badRows";
import { ColumnBuilder } from "./columnBuilder";
import { remarkNotes } from "./remarks";
import { checkSize } from "./size";

interface TableBuilderOptions {
  readonly file: string;
  readonly badRows: BadRowsPolicy;
  /** Commas may be decimal points. */
  readonly decimalComma: boolean;
}

/** Collects rows of cells under a header into a table. */
export class TableBuilder {
  readonly columns: readonly ColumnBuilder[];
  private lines = new Uint32Array(1024);
  private count = 0;
  private readonly ragged: BadRows;
  private firstRaggedWidth = 0;
  private readonly notes: string[] = [];
  private readonly names: readonly string[];
  private readonly file: string;

  /** @throws DataError when a name comes twice. */
  constructor(header: readonly string[], headerLine: number, options: TableBuilderOptions) {
    const { file, badRows, decimalComma } = options;
    this.file = file;
    const names = header.map((name, index) => (name === "" ? this.nameless(index, headerLine) : name));
    this.names = names;
    const width = counted(names.length, "column");
    const fault = `not have the ${width} of its header`;
    this.ragged = new BadRows(file, badRows, "row", () => [`does ${fault}`, `do ${fault}`]);
    checkNames(file, names, headerLine);
    this.columns = names.map((name) => new ColumnBuilder(name, decimalComma));
    const numeric = names.filter((name) => /^-?\d*\.\d+$/.test(name)).length;
    if (numeric > 0 && numeric * 2 >= names.length) {
      this.notes.push(
        `Line ${headerLine} of ${file} was read as column names but looks like data; add a line of names above it.`,
      );
    }
  }

  /** Tables written by R and pandas have an unnamed first column of row numbers. */
  private nameless(index: number, headerLine: number): string {
    const name = `column ${index + 1}`;
    this.notes.push(
      `Column ${index + 1} of ${this.file} has no name in line ${headerLine} and is called ${quoted(name)}.`,
    );
    return name;
  }

  get rowCount(): number {
    return this.count;
  }

  /** Appends rows, and the line on which each starts; rows of another width than the header are bad rows. */
  append(rows: readonly (readonly string[])[], lines: readonly number[]): void {
    let [kept, keptLines] = [rows, lines];
    if (rows.some((row) => row.length !== this.names.length)) {
      const good: (readonly string[])[] = [];
      const goodLines: number[] = [];
      rows.forEach((row, index) => {
        if (row.length === this.names.length) {
          good.push(row);
          goodLines.push(lines[index]);
          return;
        }
        if (!this.ragged.any) this.firstRaggedWidth = row.length;
        this.ragged.add(lines[index]);
      });
      [kept, keptLines] = [good, goodLines];
    }
    this.lineRoom(kept.length).set(keptLines);
    this.columns.forEach((column, index) => column.append(kept, index));
    this.tookRows(kept.length);
  }

  /** Where the lines of the next rows belong, whose cells are appended to `columns`; then call `tookRows`. */
  lineRoom(rows: number): Uint32Array {
    const needed = this.count + rows;
    if (needed > this.lines.length) {
      const larger = new Uint32Array(Math.max(needed, this.lines.length * 2));
      larger.set(this.lines.subarray(0, this.count));
      this.lines = larger;
    }
    return this.lines.subarray(this.count, needed);
  }

  tookRows(rows: number): void {
    checkSize(this.file, this.count + rows, this.columns.length);
    this.count += rows;
  }

  /** Points that could all separate thousands do so where another column has commas as decimal points. */
  private settled(columns: readonly Column[]): readonly Column[] {
    const proved = columns.some(
      (column) =>
        column.kind === "number" &&
        column.written?.style === "decimalComma" &&
        column.written.otherwise === null,
    );
    if (!proved) return columns;
    return columns.map((column, index) => {
      if (column.kind !== "number" || column.written?.style !== "decimalPoint") return column;
      const { example, otherwise } = column.written;
      if (otherwise === null || !example.includes(".")) return column;
      const row = otherwise.findIndex((value, at) => !Number.isNaN(value) && value !== column.values[at]);
      const { remarks } = this.columns[index];
      const other = { kind: "style", example, value: otherwise[row] } as const;
      remarks.splice(0, remarks.length, ...remarks.filter(({ kind }) => kind !== "style"), other);
      return {
        ...column,
        values: otherwise,
        written: { style: "decimalComma", example, otherwise: column.values },
      };
    });
  }

  /**
   * @param emptyAllowed a table without rows is fine
   * @throws DataError when rows were ragged or there are none
   */
  finish(emptyAllowed = false): Table {
    const { file, names } = this;
    const skipped = this.ragged.settle({
      first: `the first has ${this.firstRaggedWidth}`,
      repair: ", quote values that contain the separator",
    });
    if (this.count === 0 && !emptyAllowed) {
      throw new DataError(
        this.ragged.any
          ? `${file} has no usable rows: ${this.ragged.everything} because they do not have the ${counted(names.length, "column")} of its header.`
          : `${file} has a header (${listed(names)}) but no rows below it; add some.`,
      );
    }
    const columns = this.settled(this.columns.map((column) => column.finish()));
    return {
      file,
      rowCount: this.count,
      columns,
      lines: this.lines.slice(0, this.count),
      notes: [...this.notes, ...skipped, ...remarkNotes(this.columns)],
    };
  }
}

function checkNames(file: string, names: readonly string[], headerLine: number): void {
  const seen = new Map<string, number>();
  names.forEach((name, index) => {
    const first = seen.get(name);
    if (first !== undefined) {
      throw new DataError(
        `${file} has two columns called ${quoted(name)} (columns ${first + 1} and ${index + 1}); rename one of them in line ${headerLine}.`,
      );
    }
    seen.set(name, index);
  });
}
