import type { DataSource } from "../dataSource";
import type { ReadOptions } from "../readTable";
import type { Table } from "../table";
import { decodeText } from "./decode";
import { textBytes } from "./textBytes";

/** A table that grows with the text of a file, as it arrives piece by piece. */
export interface TextTable {
  push(text: string): void;
  /** It has as many rows as were asked for. */
  readonly isFull: boolean;
  /**
   * The table of all that was pushed.
   *
   * @param cut the text goes on: a row that is not complete is left out, and a table without rows is fine
   */
  end(cut: boolean): Table;
}

/** Reads a text format. */
export async function readText(source: DataSource, options: ReadOptions, table: TextTable): Promise<Table> {
  let cut = false;
  const bytes = textBytes(source, options, () => {
    cut = true;
    options.onCut?.();
  });
  for await (const text of decodeText(bytes, options.file, () => cut)) {
    table.push(text);
    if (table.isFull) return table.end(true);
  }
  return table.end(cut);
}
