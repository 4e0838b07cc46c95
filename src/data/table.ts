/**
 * A data file in memory: typed columns, never an array of row objects. What a file format's reader makes
 * and everything after it reads.
 */
export interface Table {
  /** How messages call the file. */
  readonly file: string;
  readonly rowCount: number;
  readonly columns: readonly Column[];
  /** The line of the file, from 1, on which each row starts. */
  readonly lines: Uint32Array;
  /** What the reader noticed, one sentence each. */
  readonly notes: readonly string[];
}

export type Column = NumberColumn | CategoryColumn | TextColumn;

export interface NumberColumn {
  readonly kind: "number";
  readonly name: string;
  /** One per row; NaN where the cell is empty or holds a missing marker. */
  readonly values: Float64Array;
  readonly missing: number;
}

/** Labels are trimmed; a cell that reads as a number has its shortest form as label ("1.0" is "1"). */
export interface CategoryColumn {
  readonly kind: "category";
  readonly name: string;
  /** One per row: an index into `labels`, or −1 where the value is missing. */
  readonly codes: Int32Array;
  /** In the order of their first row. */
  readonly labels: readonly string[];
  readonly missing: number;
  /** Every label reads as a date. */
  readonly dates: boolean;
  /** Why the column does not hold numbers. */
  readonly text: TextEvidence;
}

/** Text with so many different values that they are not kept. */
export interface TextColumn {
  readonly kind: "text";
  readonly name: string;
  readonly missing: number;
  /** There are at least so many different values. */
  readonly distinct: number;
  readonly text: TextEvidence;
}

/** The values of a column that are neither numbers nor missing. */
export interface TextEvidence {
  /** How many cells hold text, and how many a number (−1 each where nobody counted). */
  readonly cells: number;
  readonly numbers: number;
  /** The row, from 0, and the value of the first one. */
  readonly firstRow: number;
  readonly firstValue: string;
}

const indexes = new WeakMap<Table, Map<string, Column>>();

/** The column of exactly this name, or null. Quick for tables of many thousand columns, too. */
export function columnNamed(table: Table, name: string): Column | null {
  let index = indexes.get(table);
  if (index === undefined) {
    index = new Map(table.columns.map((column) => [column.name, column]));
    indexes.set(table, index);
  }
  return index.get(name) ?? null;
}

export function columnNames(table: Table): string[] {
  return table.columns.map((column) => column.name);
}

/** Whether the cell of a row has no value. */
export function isMissingAt(column: Column, row: number): boolean {
  if (column.kind === "number") return Number.isNaN(column.values[row]);
  return column.kind === "category" && column.codes[row] < 0;
}

/** The rows 0, 1, 2, … of a table. */
export function allRows(table: Table): Uint32Array {
  return Uint32Array.from({ length: table.rowCount }, (_, row) => row);
}
