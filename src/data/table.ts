import { digits } from "./wording";

/**
 * A data file in memory: typed columns, never an array of row objects. What a file format's reader makes
 * and everything after it reads.
 */
export interface Table {
  /** How messages call the file. */
  readonly file: string;
  readonly rowCount: number;
  readonly columns: readonly Column[];
  /** The line of the file, from 1, on which each row starts; null where a format has no lines. See `placeOf`. */
  readonly lines: Uint32Array | null;
  /** What the reader noticed, one sentence each. */
  readonly notes: readonly string[];
}

export type Column = NumberColumn | DateColumn | BooleanColumn | CategoryColumn | VectorColumn | TextColumn;

/** What the cells of one column alone may leave open, so that all files of a run must be read alike. */
export type WritingStyle = "decimalPoint" | "decimalComma" | "dayFirst" | "monthFirst";

/** How a column's cells were read; only where they depend on it. */
export interface Written {
  readonly style: WritingStyle;
  /** A cell that would mean something else in the other style. */
  readonly example: string;
  /** The values in the other style, null where the cells themselves prove this one. */
  readonly otherwise: Float64Array | null;
}

/** A column without any value is one of numbers, too. */
export interface NumberColumn {
  readonly kind: "number";
  readonly name: string;
  /** One per row; NaN where the cell is empty or holds a missing marker. */
  readonly values: Float64Array;
  readonly missing: number;
  readonly written?: Written;
}

/** Every value is a date, with or without a time of day. */
export interface DateColumn {
  readonly kind: "date";
  readonly name: string;
  /** Days since 1970-01-01T00:00Z, with a fraction where there is a time; NaN where missing. */
  readonly values: Float64Array;
  readonly missing: number;
  readonly text: TextEvidence;
  readonly written?: Written;
}

/** Every value is true or false, or yes or no. Has the shape of a category, whose labels are always these two. */
export interface BooleanColumn {
  readonly kind: "boolean";
  readonly name: string;
  /** One per row: 0 for false, 1 for true, −1 where the value is missing. */
  readonly codes: Int32Array;
  /** How the file writes false and true. */
  readonly labels: readonly [no: string, yes: string];
  readonly missing: number;
  readonly text: TextEvidence;
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
  /** Why the column does not hold numbers. */
  readonly text: TextEvidence;
}

/** Every value is a list of equally many numbers: so many features at once. */
export interface VectorColumn {
  readonly kind: "vector";
  readonly name: string;
  /** Numbers in each value. */
  readonly width: number;
  /** rowCount × width, row-major; NaN where a number, or the whole value, is missing. */
  readonly values: Float64Array;
  /** Rows without a value. */
  readonly missing: number;
}

/** Values that nothing can be learned from, and that are not kept. */
export interface TextColumn {
  readonly kind: "text";
  readonly name: string;
  readonly missing: number;
  /** There are at least so many different values; 0 where nobody counted. */
  readonly distinct: number;
  readonly text: TextEvidence;
  /** What else than too many different texts: "it holds lists of different lengths (line 3 has 2 numbers, line 2 has 4)". */
  readonly because?: string;
}

/** The values of a column that are neither numbers nor missing; where most are dates, those that are none. */
export interface TextEvidence {
  /** How many cells hold text, and how many a number, or a date (−1 each where nobody counted). */
  readonly cells: number;
  readonly numbers: number;
  /** What most cells hold; numbers when not given. */
  readonly most?: "date";
  /** Every value is a whole number, and those of `cells` begin with zeros, like codes. */
  readonly leadingZeros?: true;
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

/** Where in the file a row stands: "line 1,234", or "row 1,234" where there are no lines. */
export function placeOf(table: Table, row: number): string {
  return table.lines === null ? `row ${digits(row + 1)}` : `line ${digits(table.lines[row])}`;
}

/** Whether the cell of a row has no value: of a vector, whether any of its numbers is missing. */
export function isMissingAt(column: Column, row: number): boolean {
  switch (column.kind) {
    case "number":
    case "date":
      return Number.isNaN(column.values[row]);
    case "boolean":
    case "category":
      return column.codes[row] < 0;
    case "vector": {
      const { values, width } = column;
      for (let at = row * width; at < (row + 1) * width; at++) if (Number.isNaN(values[at])) return true;
      return false;
    }
    case "text":
      return false;
  }
}

export type ColumnType = Column["kind"] | "empty";

/** What a column holds, in one word: "text" where more than half of its values differ, as names and ids do. */
export function columnType(column: Column, table: Pick<Table, "rowCount">): ColumnType {
  const present = table.rowCount - column.missing;
  if (present === 0) return "empty";
  return column.kind === "category" && column.labels.length * 2 > present ? "text" : column.kind;
}

/** The rows 0, 1, 2, … of a table. */
export function allRows(table: Table): Uint32Array {
  return Uint32Array.from({ length: table.rowCount }, (_, row) => row);
}
