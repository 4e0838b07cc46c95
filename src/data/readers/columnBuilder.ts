import type { Column, DateColumn, NumberColumn, TextEvidence, WritingStyle } from "../table";
import { readBooleans } from "./booleans";
import { isMissing, parseNumber, parsePlainDecimal } from "./cells";
import { dateStyleOf, parseDate, type DateStyle } from "./dates";
import { NumberList } from "./numberList";
import { numberStyleOf, type NumberStyle } from "./numberStyle";

/** No feature or target can have more different values than this, so past it they are not kept. */
const mostLabels = 1 << 16;
/** The code of a label that is one too many. */
const noRoom = -2;

/** How a column reads its cells once it knows: as numbers in a style of its own, or as dates. */
interface Reading {
  readonly kind: "number" | "date";
  /** What the cells mean depends on it; null where it does not. */
  readonly style: WritingStyle | null;
  /** The same cells in the other style, as long as nothing proves this one. */
  readonly other: Reading | null;
  /** NaN where a cell is not written in this way. */
  parse(cell: string): number;
  /** What is worth telling of it. */
  readonly remark: (example: string) => ColumnRemark | null;
  /** The same when the cells have proved it. */
  readonly provenRemark: (example: string) => ColumnRemark | null;
}

/** How a column wrote its numbers, or that its dates could be read in two ways: for the notes. */
export type ColumnRemark =
  | { readonly kind: "style"; readonly example: string; readonly value: number }
  | { readonly kind: "dates"; readonly example: string; readonly first: "day" | "month" };

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
  /** Set when there are too many different cells for labels: then all must be read in one way. */
  private reading: Reading | null = null;
  /** What the values would be in the other style, as long as that is possible. */
  private readonly otherValues = new NumberList();
  private overflowing = false;
  private missing = 0;
  private firstText: { row: number; value: string } | null = null;
  remark: ColumnRemark | null = null;

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
    // A point may yet turn out to separate thousands.
    const value = this.decimalComma && trimmed.includes(".") ? NaN : parseNumber(trimmed);
    if (!Number.isNaN(value)) return value;
    this.wrote(rowsNotCounted);
    this.becomeLabels(trimmed);
    return NaN;
  }

  /** A column is text as soon as one cell is: the numbers so far turn into labels. */
  private becomeLabels(firstText: string): void {
    if (Number.isNaN(parseNumber(firstText)))
      this.firstText = { row: this.count, value: detached(firstText) };
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
      if (this.reading === null) return;
      if (Number.isNaN(value)) this.appendRead(NaN);
      else this.read(String(value), value);
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
        this.overflow(this.labels);
        const misfits = this.reading === null ? this.misfits(codes.subarray(0, this.count)) : null;
        if (misfits !== null) this.firstText = { row: misfits.firstRow, value: misfits.firstValue };
        const { reading } = this;
        const valuesIn = (way: Reading | null): number[] =>
          way === null ? [] : this.labels.map((label) => way.parse(label));
        const [values, others] = [valuesIn(reading), valuesIn(reading?.other ?? null)];
        for (let row = 0; row < this.count; row++) {
          const known = codes[row];
          this.appendRead(known < 0 ? NaN : values[known], known < 0 ? NaN : others[known]);
        }
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

  /** The shortest form of a number, unless its point may yet turn out to separate thousands. */
  private labelOf(trimmed: string): string {
    const value = parseNumber(trimmed);
    if (Number.isNaN(value)) {
      this.firstText ??= { row: this.count, value: detached(trimmed) };
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
    this.reading = this.readingOfLabels();
    this.codes = new Int32Array(0);
    this.codeOfCell = new Map();
    this.codeOfLabel = new Map();
  }

  private appendOverflowing(trimmed: string): void {
    if (isMissing(trimmed)) {
      this.missing++;
      this.appendRead(NaN);
    } else {
      this.read(trimmed);
    }
    this.count++;
  }

  /**
   * One more cell of a column that has overflowed, which may prove one style and rule out the other.
   *
   * @param expected what the cell must be, where it was a number before
   */
  private read(trimmed: string, expected?: number): void {
    const { reading } = this;
    if (reading === null) return;
    const fits = (value: number): boolean =>
      !Number.isNaN(value) && (expected === undefined || value === expected);
    const value = reading.parse(trimmed);
    const otherValue = reading.other === null ? NaN : reading.other.parse(trimmed);
    if (fits(value)) {
      if (reading.other !== null && !fits(otherValue)) {
        this.reading = { ...reading, other: null, remark: reading.provenRemark };
        this.otherValues.take();
      }
      this.appendRead(value, otherValue);
    } else if (reading.other !== null && fits(otherValue)) {
      this.reading = { ...reading.other, other: null, remark: reading.other.provenRemark };
      this.values.take();
      for (const kept of this.otherValues.take()) this.values.push(kept);
      this.appendRead(otherValue);
    } else {
      this.reading = null;
      if (expected === undefined) this.firstText = { row: this.count, value: detached(trimmed) };
      this.values.take();
      this.otherValues.take();
    }
  }

  private appendRead(value: number, otherValue = NaN): void {
    if (this.reading === null) return;
    this.values.push(value);
    if (this.reading.other !== null) this.otherValues.push(otherValue);
  }

  private readingOfLabels(): Reading | null {
    return this.readingOf(this.labels);
  }

  /** The one way in which all of these texts can be read, if any. */
  private readingOf(texts: readonly string[]): Reading | null {
    if (texts.length === 0) return null;
    const style = numberStyleOf(texts, this.decimalComma);
    if (style !== null) return numberReading(style);
    const dates = dateStyleOf(texts);
    if (dates === null) return null;
    const ordered = texts.some(
      (label) => parseDate(label, { dayFirst: true }) !== parseDate(label, { dayFirst: false }),
    );
    return dateReading(dates, ordered);
  }

  finish(): Column {
    const { name, missing } = this;
    if (this.codes === null) return { kind: "number", name, values: this.values.take(), missing };
    if (this.overflowing) {
      if (this.reading !== null) {
        const { reading } = this;
        return this.readColumn(reading, this.values.take(), reading.other && this.otherValues.take());
      }
      return { kind: "text", name, missing, distinct: mostLabels + 1, text: this.evidence(-1, -1) };
    }
    const codes = this.codes.slice(0, this.count);
    this.codes = codes;
    const booleans = readBooleans(this.labels);
    if (booleans !== null) {
      for (let row = 0; row < codes.length; row++)
        if (codes[row] >= 0) codes[row] = booleans.codes[codes[row]];
      return {
        kind: "boolean",
        name,
        codes,
        labels: booleans.labels,
        missing,
        text: this.evidence(this.count - missing, 0),
      };
    }
    const reading = this.readingOfLabels();
    if (reading !== null) {
      const valuesIn = (way: Reading): Float64Array => {
        const values = this.labels.map((label) => way.parse(label));
        return Float64Array.from(codes, (code) => (code < 0 ? NaN : values[code]));
      };
      return this.readColumn(reading, valuesIn(reading), reading.other && valuesIn(reading.other));
    }
    if (this.decimalComma) this.mergeNumbers(codes);
    const misfits = this.misfits(codes);
    if (misfits !== null)
      return { kind: "category", name, codes, labels: this.labels, missing, text: misfits };
    const isNumber = this.labels.map((label) => !Number.isNaN(parseNumber(label)));
    let numbers = 0;
    for (const code of codes) if (code >= 0 && isNumber[code]) numbers++;
    const text = this.evidence(this.count - missing - numbers, numbers);
    return { kind: "category", name, codes, labels: this.labels, missing, text };
  }

  /** The cells in the way where most are dates, or numbers in a style of their own; null where they are not. */
  private misfits(codes: Int32Array): TextEvidence | null {
    const numbers = this.labels.filter((label) => numberStyleOf([label], this.decimalComma) !== null);
    const dates = this.labels.filter((label) => dateStyleOf([label]) !== null);
    return this.notReadBy(this.readingOf(numbers), codes) ?? this.notReadBy(this.readingOf(dates), codes);
  }

  private notReadBy(reading: Reading | null, codes: Int32Array): TextEvidence | null {
    if (reading === null) return null;
    const fits = this.labels.map((label) => !Number.isNaN(reading.parse(label)));
    let [fitting, cells, firstRow] = [0, 0, -1];
    codes.forEach((code, row) => {
      if (code < 0) return;
      if (fits[code]) fitting++;
      else {
        cells++;
        if (firstRow < 0) firstRow = row;
      }
    });
    if (fitting <= cells || firstRow < 0) return null;
    const firstValue = this.labels[codes[firstRow]];
    return {
      cells,
      numbers: fitting,
      firstRow,
      firstValue,
      ...(reading.kind === "date" ? { most: "date" } : {}),
    };
  }

  private readColumn(
    reading: Reading,
    values: Float64Array,
    otherwise: Float64Array | null,
  ): NumberColumn | DateColumn {
    const { name, missing, labels } = this;
    const { kind, style, other } = reading;
    const telling =
      other === null
        ? labels.find((label) => Number.isNaN(parseNumber(label)))
        : labels.find((label) => reading.parse(label) !== other.parse(label));
    const example = telling ?? labels[0];
    this.remark = reading.remark(example);
    const written = style === null ? {} : { written: { style, example, otherwise } };
    if (kind === "number") return { kind, name, values, missing, ...written };
    return { kind, name, values, missing, text: this.evidence(this.count - missing, 0), ...written };
  }

  /** Labels that are the same number get one code. */
  private mergeNumbers(codes: Int32Array): void {
    const merged = new Map<string, number>();
    const codeOf = this.labels.map((label) => {
      const value = parseNumber(label);
      const form = Number.isNaN(value) ? label : String(value);
      const code = merged.get(form) ?? merged.size;
      merged.set(form, code);
      return code;
    });
    for (let row = 0; row < codes.length; row++) if (codes[row] >= 0) codes[row] = codeOf[codes[row]];
    this.labels = [...merged.keys()];
  }

  private evidence(cells: number, numbers: number): TextEvidence {
    return { cells, numbers, firstRow: this.firstText?.row ?? 0, firstValue: this.firstText?.value ?? "" };
  }
}

function numberReading(style: NumberStyle, withOther = true): Reading {
  const remark = (example: string): ColumnRemark => ({ kind: "style", example, value: style.parse(example) });
  const provenRemark = style.plain ? () => null : remark;
  return {
    kind: "number",
    style: style.point === null ? null : style.point === "." ? "decimalPoint" : "decimalComma",
    other: withOther && style.other !== null ? numberReading(style.other, false) : null,
    parse: (cell) => style.parse(cell),
    remark: style.other === null ? provenRemark : remark,
    provenRemark,
  };
}

/** @param ordered some dates are written with numbers for both day and month */
function dateReading({ dayFirst, guessed }: DateStyle, ordered: boolean, withOther = true): Reading {
  return {
    kind: "date",
    style: !ordered ? null : dayFirst ? "dayFirst" : "monthFirst",
    other:
      withOther && guessed && ordered ? dateReading({ dayFirst: !dayFirst, guessed }, ordered, false) : null,
    parse: (cell) => parseDate(cell, { dayFirst }),
    remark: (example) => (guessed ? { kind: "dates", example, first: dayFirst ? "day" : "month" } : null),
    provenRemark: () => null,
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** A copy of its own: a slice of a long string would keep all of that string in memory. */
function detached(text: string): string {
  return text.length < 13 ? text : decoder.decode(encoder.encode(text));
}
