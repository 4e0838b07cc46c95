import { DataError } from "../dataError";
import type { DataSource } from "../dataSource";
import type { ReadOptions } from "../readTable";
import type { Table } from "../table";
import { digits } from "../wording";
import { BadRows } from "./badRows";
import { isObject, jsonValue } from "./jsonValue";
import { readText, type TextTable } from "./textTable";
import { ValueTable } from "./valueTable";

/** JSON Lines, also called NDJSON: one object a line. Blank lines are skipped. */
export function readJsonLines(source: DataSource, options: ReadOptions): Promise<Table> {
  return readText(source, options, new JsonLinesTable(options));
}

/** A line longer than this has surely lost its line break. */
const longestLine = 1 << 28;

export class JsonLinesTable implements TextTable {
  private readonly rows: ValueTable;
  private readonly bad: BadRows;
  /** The line that has not ended yet, in the pieces in which it came. */
  private parts: string[] = [];
  private waiting = 0;
  private line = 1;
  private started = false;

  constructor(private readonly options: Pick<ReadOptions, "file" | "badRows" | "maxRows">) {
    const { file, badRows = "error" } = options;
    this.rows = new ValueTable(file);
    this.bad = new BadRows(file, badRows, "line", () => ["is not a JSON object", "are not JSON objects"]);
  }

  get isFull(): boolean {
    return this.rows.rowCount >= (this.options.maxRows ?? Infinity);
  }

  push(text: string): void {
    let from = 0;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", from)) {
      this.take(text.slice(from, at));
      if (this.isFull) return;
      from = at + 1;
    }
    this.parts.push(text.slice(from));
    this.waiting += text.length - from;
    if (this.waiting <= longestLine) return;
    throw new DataError(
      `Line ${digits(this.line)} of ${this.options.file} is longer than ${digits(longestLine >> 20)} million characters; JSON Lines have one object a line.`,
    );
  }

  private take(end: string): void {
    const text = this.parts.length === 0 ? end : this.parts.join("") + end;
    this.parts = [];
    this.waiting = 0;
    const line = this.line++;
    if (text.trim() === "") return;
    const value = jsonValue(text);
    if (!this.started) this.begin(value, text);
    if (isObject(value)) this.rows.appendRow(value, line);
    else this.bad.add(line);
  }

  private begin(value: unknown, text: string): void {
    this.started = true;
    if (value !== undefined || !text.trimStart().startsWith("[")) return;
    throw new DataError(
      `${this.options.file} starts like one JSON list and not like JSON Lines, one object a line; set "format" to "json".`,
    );
  }

  end(cut: boolean): Table {
    if (!cut && !this.isFull) this.take("");
    const { file } = this.options;
    const notes = this.bad.settle({ repair: "" });
    if (this.rows.rowCount === 0 && this.bad.any)
      throw new DataError(
        `${file} has no usable rows: ${this.bad.everything} because they are not JSON objects.`,
      );
    if (this.rows.rowCount === 0) throw new DataError(`${file} is empty; it needs one JSON object a line.`);
    return this.rows.finish(notes);
  }
}
