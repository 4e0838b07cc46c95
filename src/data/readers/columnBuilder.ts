import type { Column } from "../table";
import { isMissing, parseNumber, parsePlainDecimal } from "./cells";
import { columnOfLabels, columnOfReading, evidence, type FirstText } from "./labelColumn";
import { hasLeadingZero } from "./leadingZeros";
import { lostDigitsOf } from "./lostDigits";
import { misfits } from "./misfits";
import { NumberList } from "./numberList";
import { readingOf } from "./reading";
import { ReadValues } from "./readValues";
import type { ColumnRemark } from "./remarks";

/** No feature or target can have more different values than this, so past it they are not kept. */
const mostLabels = 1 << 16;
/** The code of a label that is one too many. */
const noRoom = -2;

/**
 * One column of cells while it is read. Numbers as long as every cell is one (or missing), else
 * dictionary-encoded labels, which at the end turn out to be true and false, dates, numbers in a style of
 * their own, or categories. Cells come in blocks, so that the loop over them stays in one hot function.
 */
export class ColumnBuilder {
  private count = 0;
  private readonly values = new NumberList();
  /** Set with the first cell that is no number. */
  private codes: Int32Array | null = null;
  /** Cells as they are written → code, −1 for missing ones: most cells need one look-up and nothing else. */
  private codeOfCell = new Map<string, number>();
  private codeOfLabel = new Map<string, number>();
  private labels: string[] = [];
  /** Set when there are too many different cells for labels: then all must be read in one way, if there is one. */
  private read: ReadValues | null = null;
  private overflowing = false;
  /** A cell was no whole number, so that leading zeros make no codes. */
  private notCodes = false;
  private missing = 0;
  private firstText: FirstText | null = null;
  /** The first whole number that lost digits, and whether it did so before the column became one of labels. */
  private lost: ColumnRemark | null = null;
  private lostEarly = false;
  /** What to tell of the column; complete when it is finished. */
  readonly remarks: ColumnRemark[] = [];

  /** @param decimalComma a comma may be the decimal point, so that a point may separate thousands */
  constructor(
    readonly name: string,
    private readonly decimalComma = false,
  ) {}

  get rowCount(): number {
    return this.count;
  }

  /** Appends the cell at `index` of each row. */
  append(rows: readonly (readonly string[])[], index: number): void {
    let row = 0;
    if (this.codes === null) row = this.appendNumbers(rows, index);
    for (; row < rows.length; row++) this.appendLabel(rows[row][index]);
  }

  appendCell(cell: string): void {
    if (this.codes !== null) {
      this.appendLabel(cell);
      return;
    }
    const value = this.plainNumber(cell);
    if (this.isText()) this.appendLabel(cell);
    else this.pushNumber(value);
  }

  appendNumber(value: number): void {
    if (this.codes !== null || Number.isNaN(value)) this.appendCell(String(value));
    else this.pushNumber(value);
  }

  /** So many rows without a value. */
  appendMissing(rows: number): void {
    if (this.codes === null && rows > 0) {
      this.values.room(rows).fill(NaN);
      this.wrote(rows, rows);
    } else {
      for (let row = 0; row < rows; row++) this.appendLabel("");
    }
  }

  /**
   * Numbers that were read elsewhere, as long as the column has had nothing but numbers.
   *
   * @returns where to write `room` of them; tell with `wrote` how many it became
   */
  numberRoom(room: number): Float64Array | null {
    return this.codes === null ? this.values.room(room) : null;
  }

  /** @param missing how many of them are NaN */
  wrote(count: number, missing = 0): void {
    this.values.grew(count);
    this.count += count;
    this.missing += missing;
  }

  /** The number that a trimmed cell holds and that may be written to `numberRoom`; NaN for one that must be appended. */
  plainNumberOf(trimmed: string): number {
    if (hasLeadingZero(trimmed) && !this.notCodes) return NaN;
    this.noteDigits(trimmed);
    return parseNumber(trimmed);
  }

  /** A number that was read elsewhere has lost digits. */
  noteLost(remark: ColumnRemark | null): void {
    this.lost ??= remark;
  }

  private noteDigits(trimmed: string): void {
    if (trimmed.length >= 16) this.lost ??= lostDigitsOf(trimmed);
  }

  /** Asked after each cell that may have made it so. */
  private isText(): boolean {
    return this.codes !== null;
  }

  private pushNumber(value: number): void {
    this.values.push(value);
    this.count++;
  }

  /** Returns how many rows it took: all, or those before the first text. */
  private appendNumbers(rows: readonly (readonly string[])[], index: number): number {
    const values = this.values.room(rows.length);
    for (let row = 0; row < rows.length; row++) {
      const cell = rows[row][index];
      let value = this.decimalComma ? NaN : parsePlainDecimal(cell);
      if (Number.isNaN(value)) {
        value = this.plainNumber(cell, row);
        if (this.isText()) return row;
      }
      values[row] = value;
    }
    this.wrote(rows.length);
    return rows.length;
  }

  /** NaN when missing; when the cell is text, the column has become one of labels on return. */
  private plainNumber(cell: string, rowsNotCounted = 0): number {
    const trimmed = cell.trim();
    if (isMissing(trimmed)) {
      this.missing++;
      return NaN;
    }
    if (!this.notCodes && hasLeadingZero(trimmed)) {
      this.notCodes = !this.values.every(isWholeOrMissing, rowsNotCounted);
      if (!this.notCodes) {
        this.wrote(rowsNotCounted);
        this.becomeLabels(trimmed);
        return NaN;
      }
    }
    // A point may yet turn out to separate thousands.
    const value = this.decimalComma && trimmed.includes(".") ? NaN : parseNumber(trimmed);
    if (!Number.isNaN(value)) {
      this.noteDigits(trimmed);
      return value;
    }
    this.wrote(rowsNotCounted);
    this.becomeLabels(trimmed);
    return NaN;
  }

  /** A column is text as soon as one cell is: the numbers so far turn into labels. */
  private becomeLabels(firstText: string): void {
    if (Number.isNaN(parseNumber(firstText)))
      this.firstText = { row: this.count, value: detached(firstText) };
    this.lostEarly = this.lost !== null;
    const numbers = this.values.take();
    const codes = new Int32Array(Math.max(16, numbers.length * 2));
    this.codes = codes;
    for (let row = 0; row < numbers.length; row++) {
      const value = numbers[row];
      const code = Number.isNaN(value) ? -1 : this.codeFor(String(value));
      if (code === noRoom) {
        this.overflow([...this.labels, firstText]);
        this.keepRead(numbers);
        return;
      }
      codes[row] = code;
    }
  }

  /** Numbers of a column that has just overflowed, if they could have been written as the rest is. */
  private keepRead(numbers: Float64Array): void {
    for (const value of numbers) {
      if (this.read === null) return;
      if (Number.isNaN(value)) this.read.appendMissing();
      else if (!this.read.read(String(value), value)) this.read = null;
    }
  }

  private appendLabel(cell: string): void {
    if (this.overflowing) {
      this.appendOverflowing(cell.trim());
      return;
    }
    let codes = this.codes ?? new Int32Array(16);
    let code = this.codeOfCell.get(cell);
    if (code === undefined) {
      const trimmed = cell.trim();
      code = isMissing(trimmed) ? -1 : this.codeFor(this.labelOf(trimmed));
      if (code === noRoom) {
        this.overflowLabels(codes.subarray(0, this.count));
        this.appendOverflowing(trimmed);
        return;
      }
      this.codeOfCell.set(detached(cell), code);
    }
    if (code < 0) this.missing++;
    if (this.count === codes.length) {
      const larger = new Int32Array(codes.length * 2);
      larger.set(codes);
      codes = this.codes = larger;
    }
    codes[this.count++] = code;
  }

  /** The shortest form of a number, unless something may yet turn out to hang on how it is written. */
  private labelOf(trimmed: string): string {
    const value = parseNumber(trimmed);
    if (Number.isNaN(value)) {
      this.firstText ??= { row: this.count, value: detached(trimmed) };
      return trimmed;
    }
    if (hasLeadingZero(trimmed)) return trimmed;
    if (trimmed.length >= 16 && lostDigitsOf(trimmed) !== null) {
      this.noteDigits(trimmed);
      return trimmed;
    }
    return this.decimalComma && trimmed.includes(".") ? trimmed : String(value);
  }

  private codeFor(label: string): number {
    const known = this.codeOfLabel.get(label);
    if (known !== undefined) return known;
    const code = this.labels.length;
    if (code === mostLabels) return noRoom;
    const kept = detached(label);
    this.labels.push(kept);
    this.codeOfLabel.set(kept, code);
    return code;
  }

  /** Too many labels to keep: from now on they are numbers in a style of their own, dates, or of no use. */
  private overflow(labels: string[]): void {
    this.overflowing = true;
    this.labels = labels;
    const reading = readingOf(labels, this.decimalComma);
    this.read = reading && new ReadValues(reading);
    this.codes = new Int32Array(0);
    this.codeOfCell = new Map();
    this.codeOfLabel = new Map();
  }

  /** The same, with rows that have labels already. */
  private overflowLabels(codes: Int32Array): void {
    const { labels } = this;
    this.overflow(labels);
    const { read } = this;
    if (read === null) {
      const inTheWay = misfits(labels, codes, this.decimalComma);
      if (inTheWay !== null) this.firstText = { row: inTheWay.firstRow, value: inTheWay.firstValue };
      return;
    }
    const { values, others } = read.valuesOf(labels);
    for (const code of codes) read.append(code < 0 ? NaN : values[code], code < 0 ? NaN : others[code]);
  }

  private appendOverflowing(trimmed: string): void {
    if (isMissing(trimmed)) {
      this.missing++;
      this.read?.appendMissing();
    } else if (this.read !== null) {
      this.noteDigits(trimmed);
      if (!this.read.read(trimmed)) {
        this.read = null;
        this.firstText = { row: this.count, value: detached(trimmed) };
      }
    }
    this.count++;
  }

  finish(): Column {
    const column = this.finished();
    if (this.lost !== null && (column.kind === "number" || this.lostEarly)) this.remarks.push(this.lost);
    return column;
  }

  private finished(): Column {
    const { name, missing, labels, remarks, firstText } = this;
    if (this.codes === null) return { kind: "number", name, values: this.values.take(), missing };
    if (!this.overflowing) {
      const codes = this.codes.slice(0, this.count);
      return columnOfLabels({ name, missing, labels, codes, firstText }, this.decimalComma, remarks);
    }
    const text = evidence(firstText, -1, -1);
    if (this.read === null) return { kind: "text", name, missing, distinct: mostLabels + 1, text };
    const read = this.read.take();
    const leading = labels.find(hasLeadingZero);
    if (leading !== undefined && read.values.every(isWholeOrMissing))
      remarks.push({ kind: "zeros", example: leading, as: "numbers" });
    return columnOfReading(read, { name, missing, labels, firstText }, remarks);
  }
}

function isWholeOrMissing(value: number): boolean {
  return Number.isNaN(value) || (Number.isInteger(value) && value >= 0);
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** A copy of its own: a slice of a long string would keep all of that string in memory. */
function detached(text: string): string {
  return text.length < 13 ? text : decoder.decode(encoder.encode(text));
}
