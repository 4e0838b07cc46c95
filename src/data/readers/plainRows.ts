import { isMissing } from "./cells";
import type { ColumnBuilder } from "./columnBuilder";
import type { TableBuilder } from "./tableBuilder";

const QUOTE = '"';
const NEWLINE = 10;
const RETURN = 13;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const NINE = 57;

/** Exact quotients: digits of a mantissa below 2^53 over a power of ten below 10^22 (Clinger 1990). */
const powersOfTen = Float64Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);
const mostDigits = 15;
/** Rows that are read before their columns are told. */
const mostRows = 4096;

/**
 * The quick way through delimited text without quotes: numbers are read from the bytes of the text, and only
 * cells of text become strings. Takes whole rows from the beginning as long as it understands them, and leaves
 * the rest to the parser that knows everything.
 */
export class PlainRows {
  private readonly bytes = new Uint8Array(1 << 18);
  private readonly encoder = new TextEncoder();
  private readonly delimiter: number;

  constructor(
    delimiter: string,
    private readonly table: TableBuilder,
  ) {
    this.delimiter = delimiter.charCodeAt(0);
  }

  /**
   * Appends rows to the table.
   *
   * @param line on which the text starts, at the beginning of a row
   * @param room at most so many rows
   * @returns how much of the text they were, and how many rows
   */
  take(text: string, line: number, room: number): { length: number; rows: number } {
    const nothing = { length: 0, rows: 0 };
    const { columns } = this.table;
    if (columns.length < 2 || text.length > this.bytes.length || text.includes(QUOTE)) return nothing;
    // Letters of more than one byte would stand at other places in the text.
    const { read, written } = this.encoder.encodeInto(text, this.bytes);
    if (read !== text.length || written !== text.length) return nothing;
    const whole = text.lastIndexOf("\n") + 1;
    let [at, rows] = [0, 0];
    const block = Math.min(mostRows, Math.ceil(text.length / (2 * columns.length)));
    while (at < whole && rows < room) {
      const taken = this.block(text, at, whole, Math.min(block, room - rows), line + rows);
      at = taken.end;
      rows += taken.rows;
      if (!taken.understood) break;
    }
    return { length: at, rows };
  }

  /** Rows from `start` on, until there are `most` or one is not understood. */
  private block(
    text: string,
    start: number,
    whole: number,
    most: number,
    line: number,
  ): { end: number; rows: number; understood: boolean } {
    const { bytes, delimiter, table } = this;
    const { columns } = table;
    const last = columns.length - 1;
    const numbers = columns.map((column) => column.numberRoom(most));
    const cells: string[][] = numbers.map(() => []);
    let [at, rows, end] = [start, 0, start];
    let understood = true;
    let gaps = false;
    reading: while (at < whole && rows < most) {
      for (let index = 0; index <= last; index++) {
        const from = at;
        const values = numbers[index];
        if (values !== null) {
          let code = bytes[at];
          const negative = code === MINUS;
          if (negative) code = bytes[++at];
          const first = at;
          let mantissa = 0;
          let point = -1;
          for (;;) {
            if (code <= NINE && code >= ZERO) mantissa = mantissa * 10 + (code - ZERO);
            else if (code === POINT && point < 0) point = at;
            else break;
            code = bytes[++at];
          }
          const digits = at - first - (point < 0 ? 0 : 1);
          const atEnd =
            index < last
              ? code === delimiter
              : code === NEWLINE || (code === RETURN && bytes[at + 1] === NEWLINE);
          // "007" may be a code.
          const isPlain = point >= 0 || digits === 1 || negative || bytes[first] !== ZERO;
          if (atEnd && digits > 0 && digits <= mostDigits && isPlain) {
            const value = point < 0 ? mantissa : mantissa / powersOfTen[at - point - 1];
            values[rows] = negative ? -value : value;
            at += code === RETURN ? 2 : 1;
            continue;
          }
        }
        // Anything else: to the end of the cell, which must be where it belongs.
        while (bytes[at] !== delimiter && bytes[at] !== NEWLINE) at++;
        if ((bytes[at] === NEWLINE) !== (index === last)) {
          understood = false;
          break reading;
        }
        const cell = text.slice(from, at);
        at++;
        if (values === null) {
          cells[index].push(cell);
          continue;
        }
        const trimmed = cell.trim();
        const value = isMissing(trimmed) ? NaN : columns[index].plainNumberOf(trimmed);
        if (Number.isNaN(value)) {
          // Text in a column of numbers, or a code, is a matter for the column.
          if (!isMissing(trimmed)) {
            understood = false;
            break reading;
          }
          gaps = true;
        }
        values[rows] = value;
      }
      rows++;
      end = at;
    }
    this.commit(columns, numbers, cells, rows, gaps);
    const lines = table.lineRoom(rows);
    for (let row = 0; row < rows; row++) lines[row] = line + row;
    table.tookRows(rows);
    return { end, rows, understood };
  }

  private commit(
    columns: readonly ColumnBuilder[],
    numbers: readonly (Float64Array | null)[],
    cells: readonly string[][],
    rows: number,
    gaps: boolean,
  ): void {
    columns.forEach((column, index) => {
      const values = numbers[index];
      if (values === null) {
        // The row that was not understood may have left a cell.
        for (let row = 0; row < rows; row++) column.appendCell(cells[index][row]);
        return;
      }
      let missing = 0;
      if (gaps) for (let row = 0; row < rows; row++) if (Number.isNaN(values[row])) missing++;
      column.wrote(rows, missing);
    });
  }
}
