/** What stands in a table twice: columns and rows. */
import type { Column, Table } from "./table";
import { counted } from "./wording";

type KeptColumn = Exclude<Column, { kind: "text" }>;

/** More rows than this are not compared: it would take longer than the reading. */
const mostRowsCompared = 200_000;
/** With fewer columns the same few values come twice by chance. */
const fewestColumns = 3;

/** The columns that repeat an earlier one, with its name. */
export function duplicateColumns(table: Table): Map<Column, string> {
  const duplicates = new Map<Column, string>();
  const seen = new Map<string, Column[]>();
  for (const column of table.columns) {
    if (column.kind === "text" || column.missing === table.rowCount) continue;
    const key = `${column.kind} ${column.missing} ${fingerprint(column)}`;
    const others = seen.get(key) ?? [];
    const original = others.find((other) => sameValues(other, column));
    if (original) duplicates.set(column, original.name);
    else seen.set(key, [...others, column]);
  }
  return duplicates;
}

/** FNV-1a over what the column holds: equal columns have equal ones, and others hardly ever. */
function fingerprint(column: KeptColumn): number {
  let hash = 0x811c9dc5;
  for (const word of wordsOf(column).words) hash = Math.imul(hash ^ word, 0x01000193);
  return hash;
}

function sameValues(a: Column, b: Column): boolean {
  if ("codes" in a && "codes" in b)
    return (
      a.codes.every((code, row) => code === b.codes[row]) &&
      a.labels.every((label, at) => label === b.labels[at])
    );
  if ("values" in a && "values" in b)
    return (
      a.values.length === b.values.length && a.values.every((value, at) => Object.is(value, b.values[at]))
    );
  return false;
}

/** A sentence about rows that stand in the table more than once, or nothing. */
export function repeatedRows({ rowCount, columns }: Table): string[] {
  const kept = columns.filter((column) => column.kind !== "text");
  // Of text nobody knows whether it differs.
  if (kept.length < columns.length || columns.length < fewestColumns) return [];
  if (rowCount > mostRowsCompared) return [];
  const keys = rowKeys(kept, rowCount);
  const firsts = new Map<number, number>();
  let repeated = 0;
  for (let row = 0; row < rowCount; row++) {
    const first = firsts.get(keys[row]);
    if (first === undefined) firsts.set(keys[row], row);
    else if (kept.every((column) => sameCells(column, first, row))) repeated++;
  }
  if (repeated === 0) return [];
  return [
    `${counted(repeated, "row")} ${repeated === 1 ? "repeats an earlier one" : "repeat earlier ones"}; when the rows are split, copies may end up on both sides.`,
  ];
}

/** A number for each row, the same for equal rows and hardly ever for others: 53 bits of two hashes. */
function rowKeys(columns: readonly KeptColumn[], rows: number): Float64Array {
  const low = new Int32Array(rows).fill(0x811c9dc5);
  const high = new Int32Array(rows).fill(0x2f0b4c47);
  for (const column of columns) {
    const { words, perRow } = wordsOf(column);
    for (let row = 0, at = 0; row < rows; row++) {
      for (let word = 0; word < perRow; word++, at++) {
        low[row] = Math.imul(low[row] ^ words[at], 0x01000193);
        high[row] = Math.imul(high[row] ^ words[at], 0x5bd1e995) ^ (high[row] >>> 15);
      }
    }
  }
  const keys = new Float64Array(rows);
  for (let row = 0; row < rows; row++) keys[row] = (high[row] & 0x1fffff) * 2 ** 32 + (low[row] >>> 0);
  return keys;
}

/** The bits of a column's cells, row by row. */
function wordsOf(column: KeptColumn): { words: Int32Array; perRow: number } {
  if ("codes" in column) return { words: column.codes, perRow: 1 };
  const { buffer, byteOffset, byteLength } = column.values;
  const perRow = column.kind === "vector" ? 2 * column.width : 2;
  return { words: new Int32Array(buffer, byteOffset, byteLength >> 2), perRow };
}

function sameCells(column: KeptColumn, first: number, second: number): boolean {
  if ("codes" in column) return column.codes[first] === column.codes[second];
  const width = column.kind === "vector" ? column.width : 1;
  for (let at = 0; at < width; at++)
    if (!Object.is(column.values[first * width + at], column.values[second * width + at])) return false;
  return true;
}
