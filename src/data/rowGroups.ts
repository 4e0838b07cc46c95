import { DataError } from "./dataError";
import type { Column, Table } from "./table";
import { quoted } from "./wording";

/** Which rows belong together. */
export interface RowGroups {
  readonly count: number;
  /** The group, from 0, of the row at each position of `rows`. */
  readonly of: Int32Array;
  /** How many rows have no value and are a group each. */
  readonly alone: number;
}

/**
 * Groups rows by equal values of a column. A row without a value may belong to anybody, so it is a group of its own.
 *
 * @throws DataError when the column's values are not kept
 */
export function groupRows(column: Column, rows: Uint32Array, table: Table): RowGroups {
  const valueAt = valuesOf(column, table);
  const groups = new Map<number, number>();
  const of = new Int32Array(rows.length);
  let count = 0;
  let alone = 0;
  rows.forEach((row, at) => {
    const value = valueAt(row);
    let group = value === null ? undefined : groups.get(value);
    if (group === undefined) {
      group = count++;
      if (value === null) alone++;
      else groups.set(value, group);
    }
    of[at] = group;
  });
  return { count, of, alone };
}

/** Equal numbers for equal values of a column, null where there is none. */
function valuesOf(column: Column, table: Table): (row: number) => number | null {
  if (column.kind === "number" || column.kind === "date") {
    const { values } = column;
    return (row) => (Number.isNaN(values[row]) ? null : values[row]);
  }
  if (column.kind === "category" || column.kind === "boolean") {
    const { codes } = column;
    return (row) => (codes[row] < 0 ? null : codes[row]);
  }
  const because = column.kind === "text" ? column.because : undefined;
  const why =
    column.kind === "vector" ? "it holds lists of numbers" : (because ?? "it holds too many different texts");
  throw new DataError(
    `Column ${quoted(column.name)} of ${table.file} cannot serve for "groupBy", as ${why}; name a column of numbers, dates or fewer texts.`,
  );
}
