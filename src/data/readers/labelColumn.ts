/** What a column of different texts turns out to be when all of it has been read. */
import type { Column, DateColumn, NumberColumn, TextEvidence } from "../table";
import { readBooleans } from "./booleans";
import { parseNumber } from "./cells";
import { codeEvidence } from "./leadingZeros";
import { misfits } from "./misfits";
import { readingOf, type Reading } from "./reading";
import type { ColumnRemark } from "./remarks";

/** The row, from 0, and the value of the first cell that is no plain number. */
export interface FirstText {
  readonly row: number;
  readonly value: string;
}

interface Labelled {
  readonly name: string;
  readonly missing: number;
  readonly labels: readonly string[];
  /** Of every row, −1 where it has no value. */
  readonly codes: Int32Array;
  readonly firstText: FirstText | null;
}

/**
 * True and false, codes, numbers in a style of their own, dates, or else categories.
 *
 * @param decimalComma a comma may be the decimal point, so that a point may separate thousands
 * @param remarks takes what is worth telling
 */
export function columnOfLabels(column: Labelled, decimalComma: boolean, remarks: ColumnRemark[]): Column {
  const { name, missing, labels, codes, firstText } = column;
  const present = codes.length - missing;
  const booleans = readBooleans(labels);
  if (booleans !== null) {
    for (let row = 0; row < codes.length; row++) if (codes[row] >= 0) codes[row] = booleans.codes[codes[row]];
    const text = evidence(firstText, present, 0);
    return { kind: "boolean", name, codes, labels: booleans.labels, missing, text };
  }
  const named = codeEvidence(labels, codes);
  if (named !== null) {
    remarks.push({ kind: "zeros", example: named.firstValue, as: "categories" });
    return { kind: "category", name, codes, labels, missing, text: named };
  }
  const reading = readingOf(labels, decimalComma);
  if (reading !== null) {
    const valuesIn = (way: Reading): Float64Array => {
      const values = labels.map((label) => way.parse(label));
      return Float64Array.from(codes, (code) => (code < 0 ? NaN : values[code]));
    };
    const otherwise = reading.other && valuesIn(reading.other);
    return columnOfReading({ reading, values: valuesIn(reading), otherwise }, column, remarks);
  }
  const merged = decimalComma ? mergeNumbers(labels, codes) : labels;
  const inTheWay = misfits(merged, codes, decimalComma);
  const text = inTheWay ?? evidence(firstText, ...counts(merged, codes));
  return { kind: "category", name, codes, labels: merged, missing, text };
}

/** A column whose cells were all read in one way. */
export function columnOfReading(
  read: { reading: Reading; values: Float64Array; otherwise: Float64Array | null },
  { name, missing, labels, firstText }: Omit<Labelled, "codes">,
  remarks: ColumnRemark[],
): NumberColumn | DateColumn {
  const { reading, values, otherwise } = read;
  const { kind, style, other } = reading;
  const telling =
    other === null
      ? labels.find((label) => Number.isNaN(parseNumber(label)))
      : labels.find((label) => reading.parse(label) !== other.parse(label));
  const example = telling ?? labels[0];
  const remark = reading.remark(example);
  if (remark !== null) remarks.push(remark);
  const written = style === null ? {} : { written: { style, example, otherwise } };
  if (kind === "number") return { kind, name, values, missing, ...written };
  return { kind, name, values, missing, text: evidence(firstText, values.length - missing, 0), ...written };
}

export function evidence(firstText: FirstText | null, cells: number, numbers: number): TextEvidence {
  return { cells, numbers, firstRow: firstText?.row ?? 0, firstValue: firstText?.value ?? "" };
}

/** How many cells are no number, and how many are one. */
function counts(labels: readonly string[], codes: Int32Array): [cells: number, numbers: number] {
  const isNumber = labels.map((label) => !Number.isNaN(parseNumber(label)));
  let [cells, numbers] = [0, 0];
  for (const code of codes) {
    if (code < 0) continue;
    if (isNumber[code]) numbers++;
    else cells++;
  }
  return [cells, numbers];
}

/** Labels that are the same number get one code, the codes being changed in place. */
function mergeNumbers(labels: readonly string[], codes: Int32Array): string[] {
  const merged = new Map<string, number>();
  const codeOf = labels.map((label) => {
    const value = parseNumber(label);
    const form = Number.isNaN(value) ? label : String(value);
    const code = merged.get(form) ?? merged.size;
    merged.set(form, code);
    return code;
  });
  for (let row = 0; row < codes.length; row++) if (codes[row] >= 0) codes[row] = codeOf[codes[row]];
  return [...merged.keys()];
}
