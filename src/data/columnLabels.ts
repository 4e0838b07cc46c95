import { DataError } from "./dataError";
import { truthOf } from "./readers/booleans";
import { parseDate } from "./readers/dates";
import type { Column, DateColumn, Table, TextColumn, VectorColumn } from "./table";
import { digits, quoted } from "./wording";

/** Orders strings by code point, which the < of JavaScript does not where surrogates are. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [unitA, unitB] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (unitA === unitB) continue;
    const surrogates =
      (unitA >= 0xd800 && unitA < 0xe000 ? 1 : 0) - (unitB >= 0xd800 && unitB < 0xe000 ? 1 : 0);
    return surrogates !== 0 ? surrogates : unitA - unitB;
  }
  return a.length - b.length;
}

/** Sorts labels: those of a column of numbers by value, others by code point. */
export function sortedLabels(labels: Iterable<string>, numeric: boolean): string[] {
  return [...labels].sort(numeric ? (a, b) => Number(a) - Number(b) : compareCodePoints);
}

/** A column's values as positions in a list of labels: what one-hot inputs and classes are made from. */
interface Positions {
  /** Of a row: the position of its label, −1 when the label is not in the list, −2 when the value is missing. */
  at(row: number): number;
}

export function positionsOf(column: Column, labels: readonly string[], table: Table): Positions {
  const position = new Map(labels.map((label, index) => [label, index]));
  if (column.kind === "number") {
    const byValue = new Map(labels.map((label, index) => [Number(label), index]));
    const { values } = column;
    return {
      at: (row) => (Number.isNaN(values[row]) ? -2 : (byValue.get(values[row]) ?? -1)),
    };
  }
  if (column.kind === "date") {
    // Of a column of other texts and a date, a file of few rows may hold the date alone.
    const byDay = new Map(labels.map((label, index) => [parseDate(label, { dayFirst: false }), index]));
    const { values } = column;
    return { at: (row) => (Number.isNaN(values[row]) ? -2 : (byDay.get(values[row]) ?? -1)) };
  }
  if (column.kind !== "category" && column.kind !== "boolean") throw noLabels(column, table);
  const { codes } = column;
  // Files may write true and false in ways of their own.
  const byTruth = column.kind === "boolean" ? labels.map(truthOf) : [];
  const isCode = column.kind === "category" && column.text.leadingZeros === true;
  const ofCode = Int32Array.from(column.labels, (label, code) => {
    const truth = code === 1 ? 1 : 0;
    // Another file may have the numbers that codes are.
    const plain = isCode ? position.get(String(Number(label))) : undefined;
    return position.get(label) ?? plain ?? byTruth.indexOf(truth);
  });
  return { at: (row) => (codes[row] < 0 ? -2 : ofCode[codes[row]]) };
}

/** The labels that stand in the given rows, in no particular order. */
export function labelsIn(column: Column, rows: Uint32Array, table: Table): Set<string> {
  const found = new Set<string>();
  if (column.kind === "number") {
    const values = new Set<number>();
    for (const row of rows) if (!Number.isNaN(column.values[row])) values.add(column.values[row]);
    for (const value of values) found.add(String(value));
    return found;
  }
  if (column.kind !== "category" && column.kind !== "boolean") throw noLabels(column, table);
  const seen = new Uint8Array(column.labels.length);
  for (const row of rows) if (column.codes[row] >= 0) seen[column.codes[row]] = 1;
  column.labels.forEach((label, code) => {
    if (seen[code] === 1) found.add(label);
  });
  return found;
}

function noLabels(column: TextColumn | DateColumn | VectorColumn, table: Table): DataError {
  if (column.kind !== "text" || column.because !== undefined) {
    const what =
      column.kind === "date"
        ? "it holds dates"
        : column.kind === "vector"
          ? "it holds lists of numbers"
          : column.because;
    return new DataError(
      `Column ${quoted(column.name)} of ${table.file} cannot serve as categories because ${what}; leave it out with "ignore", or choose another.`,
    );
  }
  return new DataError(
    `Column ${quoted(column.name)} of ${table.file} has more than ${digits(column.distinct - 1)} different text values, too many to learn from; leave it out with "ignore".`,
  );
}
