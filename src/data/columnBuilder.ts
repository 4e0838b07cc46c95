import { readBooleans } from "./booleans";
import { isMissing, parseNumber, parsePlainDecimal } from "./cells";
import { dateStyleOf, parseDate } from "./dates";
import type { Column, TextEvidence } from "./table";

/** No feature or target can have more different values than this, so past it they are not kept. */
const mostLabels = 1 << 16;

/**
 * One column of a text format while it is read: numbers as long as every cell is one (or missing), else
 * dictionary-encoded labels. Cells come in blocks, so that the loop over them stays in one hot function.
 */
export class ColumnBuilder {
  private count = 0;
  private values: Float64Array = new Float64Array(1024);
  /** Set with the first cell that is no number; `values` is then let go. */
  private codes: Int32Array | null = null;
  /** Cells as they are written → code, −1 for missing ones: most cells need one look-up and nothing else. */
  private codeOfCell = new Map<string, number>();
  private codeOfLabel = new Map<string, number>();
  private readonly labels: string[] = [];
  /** Labels that are numbers. */
  private readonly numberLabels = new Set<number>();
  private overflowing = false;
  private missing = 0;
  private firstText: { row: number; value: string } | null = null;

  /** @param decimalComma reads "1,5" as 1.5 */
  constructor(
    private readonly name: string,
    private readonly decimalComma: boolean,
  ) {}

  /** Whether a decimal comma was read as a point. */
  sawDecimalComma = false;

  /** Appends the cell at `index` of each row. */
  append(rows: readonly (readonly string[])[], index: number): void {
    let row = 0;
    if (this.codes === null) row = this.appendNumbers(rows, index);
    if (row < rows.length) this.appendLabels(rows, index, row);
  }

  /** Returns how many rows it took: all, or those before the first text. */
  private appendNumbers(rows: readonly (readonly string[])[], index: number): number {
    const needed = this.count + rows.length;
    if (needed > this.values.length) {
      const larger = new Float64Array(Math.max(needed, this.values.length * 2));
      larger.set(this.values.subarray(0, this.count));
      this.values = larger;
    }
    const values = this.values;
    const start = this.count;
    for (let row = 0; row < rows.length; row++) {
      const cell = rows[row][index];
      let value = parsePlainDecimal(cell);
      if (Number.isNaN(value)) {
        const trimmed = cell.trim();
        if (isMissing(trimmed)) {
          this.missing++;
        } else {
          value = this.number(trimmed);
          if (Number.isNaN(value)) {
            this.count = start + row;
            this.firstText = { row: this.count, value: detached(trimmed) };
            this.becomeCategory();
            return row;
          }
        }
      }
      values[start + row] = value;
    }
    this.count = needed;
    return rows.length;
  }

  private number(trimmed: string): number {
    const value = parseNumber(trimmed, this.decimalComma);
    if (this.decimalComma && !Number.isNaN(value) && trimmed.includes(",")) this.sawDecimalComma = true;
    return value;
  }

  /** A column is text as soon as one cell is: the numbers so far turn into labels. */
  private becomeCategory(): void {
    const codes = new Int32Array(Math.max(1024, this.values.length));
    for (let row = 0; row < this.count; row++) {
      const value = this.values[row];
      codes[row] = Number.isNaN(value) ? -1 : this.codeFor(String(value), true);
    }
    this.codes = codes;
    this.values = new Float64Array(0);
  }

  private appendLabels(rows: readonly (readonly string[])[], index: number, from: number): void {
    let codes = this.codes ?? new Int32Array(0);
    const needed = this.count + rows.length - from;
    if (needed > codes.length && !this.overflowing) {
      const larger = new Int32Array(Math.max(needed, codes.length * 2));
      larger.set(codes.subarray(0, this.count));
      codes = this.codes = larger;
    }
    let at = this.count;
    for (let row = from; row < rows.length; row++) {
      const cell = rows[row][index];
      let code = this.codeOfCell.get(cell);
      if (code === undefined) code = this.codeOfNewCell(cell);
      if (code < 0) this.missing++;
      codes[at++] = code; // past the end it is ignored: then the column overflows and keeps no codes
    }
    this.count = needed;
  }

  private codeOfNewCell(cell: string): number {
    const trimmed = cell.trim();
    let code = -1;
    if (!isMissing(trimmed)) {
      if (this.overflowing) return 0;
      const value = this.number(trimmed);
      code = Number.isNaN(value) ? this.codeFor(trimmed, false) : this.codeFor(String(value), true);
    }
    if (!this.overflowing) this.codeOfCell.set(detached(cell), code);
    return code;
  }

  private codeFor(label: string, isNumber: boolean): number {
    const known = this.codeOfLabel.get(label);
    if (known !== undefined || this.overflowing) return known ?? 0;
    const code = this.labels.length;
    const kept = detached(label);
    this.labels.push(kept);
    this.codeOfLabel.set(kept, code);
    if (isNumber) this.numberLabels.add(code);
    if (this.labels.length > mostLabels) {
      this.overflowing = true;
      this.codeOfCell = new Map();
      this.codeOfLabel = new Map();
    }
    return code;
  }

  finish(): Column {
    const { name, missing } = this;
    if (this.codes === null)
      return { kind: "number", name, values: this.values.slice(0, this.count), missing };
    if (this.overflowing) {
      return { kind: "text", name, missing, distinct: this.labels.length, text: this.evidence(-1, -1) };
    }
    const codes = this.codes.slice(0, this.count);
    let numbers = 0;
    if (this.numberLabels.size > 0) for (const code of codes) if (this.numberLabels.has(code)) numbers++;
    const text = this.evidence(this.count - missing - numbers, numbers);
    const booleans = readBooleans(this.labels);
    if (booleans !== null) {
      for (let row = 0; row < codes.length; row++)
        if (codes[row] >= 0) codes[row] = booleans.codes[codes[row]];
      return { kind: "boolean", name, codes, labels: booleans.labels, missing, text };
    }
    const style = dateStyleOf(this.labels);
    if (style !== null) {
      const days = this.labels.map((label) => parseDate(label, style));
      const values = Float64Array.from(codes, (code) => (code < 0 ? NaN : days[code]));
      return { kind: "date", name, values, missing, text };
    }
    return { kind: "category", name, codes, labels: this.labels, missing, text };
  }

  private evidence(cells: number, numbers: number): TextEvidence {
    return { cells, numbers, firstRow: this.firstText?.row ?? 0, firstValue: this.firstText?.value ?? "" };
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** A copy of its own: a slice of a long string would keep all of that string in memory. */
function detached(text: string): string {
  return text.length < 13 ? text : decoder.decode(encoder.encode(text));
}
