import { ColumnBuilder } from "./columnBuilder";
import { DataError } from "./dataError";
import type { Table } from "./table";
import { counted, listed, listedLines, quoted } from "./wording";

/** Collects the rows of a text format into a table; every such format's reader ends here. */
export class TableBuilder {
  private readonly columns: ColumnBuilder[];
  private lines = new Uint32Array(1024);
  private count = 0;
  private ragged = 0;
  private readonly raggedLines: number[] = [];
  private firstRaggedWidth = 0;
  private readonly notes: string[] = [];
  private readonly names: readonly string[];

  /** @throws DataError when a name comes twice. */
  constructor(
    private readonly file: string,
    header: readonly string[],
    headerLine: number,
    decimalComma: boolean,
  ) {
    const names = header.map((name, index) => (name === "" ? this.nameless(index, headerLine) : name));
    this.names = names;
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

  /** Appends rows, and the line on which each starts; rows of another width than the header are refused in `finish`. */
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
        if (this.ragged++ === 0) this.firstRaggedWidth = row.length;
        if (this.raggedLines.length < 5) this.raggedLines.push(lines[index]);
      });
      [kept, keptLines] = [good, goodLines];
    }
    const needed = this.count + kept.length;
    if (needed > this.lines.length) {
      const larger = new Uint32Array(Math.max(needed, this.lines.length * 2));
      larger.set(this.lines.subarray(0, this.count));
      this.lines = larger;
    }
    this.lines.set(keptLines, this.count);
    this.columns.forEach((column, index) => column.append(kept, index));
    this.count = needed;
  }

  /**
   * @param emptyAllowed a table without rows is fine
   * @throws DataError when rows were ragged or there are none
   */
  finish(emptyAllowed = false): Table {
    const { file, names } = this;
    if (this.ragged > 0) {
      const width = counted(names.length, "column");
      throw new DataError(
        `${counted(this.ragged, "row")} of ${file} ${this.ragged === 1 ? "does" : "do"} not have the ${width} of its header ` +
          `(${listedLines(this.raggedLines, this.ragged)}; the first has ${this.firstRaggedWidth}); ` +
          `repair or remove ${this.ragged === 1 ? "it" : "them"}, or quote values that contain the separator.`,
      );
    }
    if (this.count === 0 && !emptyAllowed) {
      throw new DataError(`${file} has a header (${listed(names)}) but no rows below it; add some.`);
    }
    const commas = names.filter((_, index) => this.columns[index].sawDecimalComma);
    if (commas.length > 0) {
      this.notes.push(`Commas in the numbers of ${listed(commas, 3)} were read as decimal points.`);
    }
    return {
      file,
      rowCount: this.count,
      columns: this.columns.map((column) => column.finish()),
      lines: this.lines.slice(0, this.count),
      notes: this.notes,
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
