import type { DataSource } from "./dataSource";
import { decodeText } from "./readers/decode";
import { DelimitedParser } from "./readers/delimitedParser";
import { dateText } from "../text/dateText";
import { textBytes } from "./readers/textBytes";
import type { ReadOptions } from "./readTable";
import type { Column, Table } from "./table";

/**
 * The cells of a data file, block by block; the first row of the first block holds the column names. Its rows are those
 * of `table`, which `readTable` made of the same file. Of CSV and TSV they are as they are written; other formats have
 * values and no cells, and those are written as they were understood.
 *
 * @throws DataError when the bytes are no text, or a quote never closes
 */
export async function* readCells(
  source: DataSource,
  table: Table,
  options: Pick<ReadOptions, "file" | "format">,
): AsyncGenerator<string[][], void, undefined> {
  const names = table.columns.map(({ name }) => name);
  if (options.format !== "csv" && options.format !== "tsv") {
    yield* cellsOfTable(table, names);
    return;
  }
  let first = true;
  for await (const rows of cellsOfText(source, options)) {
    if (first) rows[0] = names;
    first = false;
    yield rows;
  }
}

async function* cellsOfText(
  source: DataSource,
  { file, format }: Pick<ReadOptions, "file" | "format">,
): AsyncGenerator<string[][], void, undefined> {
  const parser = new DelimitedParser(file, format === "tsv" ? "\t" : null);
  const bytes = textBytes(source, { file }, () => undefined);
  for await (const text of decodeText(bytes, file)) {
    const { rows } = parser.push(text);
    if (rows.length > 0) yield rows.map(withoutReturn);
  }
  const { rows } = parser.end();
  if (rows.length > 0) yield rows.map(withoutReturn);
}

/** The parser leaves the "\r" of a line's "\r\n" in its last cell. */
function withoutReturn(row: string[]): string[] {
  const last = row[row.length - 1];
  return last.endsWith("\r") ? [...row.slice(0, -1), last.slice(0, -1)] : row;
}

const blockRows = 2048;

function* cellsOfTable(table: Table, names: string[]): Generator<string[][], void, undefined> {
  const cells = table.columns.map(cellOf);
  for (let from = 0; from < table.rowCount; from += blockRows) {
    const rows = from === 0 ? [names] : [];
    for (let row = from; row < Math.min(from + blockRows, table.rowCount); row++) {
      rows.push(cells.map((cell) => cell(row)));
    }
    yield rows;
  }
}

/** What a row has in the column, as text; "" where it has nothing. */
function cellOf(column: Column): (row: number) => string {
  switch (column.kind) {
    case "number":
      return (row) => numberText(column.values[row]);
    case "date":
      return (row) => (Number.isNaN(column.values[row]) ? "" : dateText(column.values[row]));
    case "boolean":
    case "category":
      return (row) => (column.codes[row] < 0 ? "" : column.labels[column.codes[row]]);
    case "vector": {
      const { values, width } = column;
      return (row) =>
        `[${Array.from(values.subarray(row * width, (row + 1) * width), numberText).join(",")}]`;
    }
    case "text":
      return () => "";
  }
}

function numberText(value: number): string {
  return Number.isNaN(value) ? "" : String(value);
}
