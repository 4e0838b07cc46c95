import { DataError } from "../dataError";
import type { ReadOptions } from "../readTable";
import type { Table } from "../table";
import { digits } from "../wording";
import { BadRows } from "./badRows";
import { JsonSplitter, type JsonBatch } from "./jsonSplitter";
import { isObject, jsonValue } from "./jsonValue";
import type { TextTable } from "./textTable";
import { ValueTable } from "./valueTable";

/** A JSON list of objects, each a row. */
export class JsonRowsTable implements TextTable {
  private readonly rows: ValueTable;
  private readonly bad: BadRows;
  private splitter: JsonSplitter | null = null;
  private ended = false;

  constructor(private readonly options: Pick<ReadOptions, "file" | "badRows" | "maxRows">) {
    const { file, badRows = "error" } = options;
    this.rows = new ValueTable(file);
    this.bad = new BadRows(file, badRows, "element", () => ["is not a JSON object", "are not JSON objects"]);
  }

  get isFull(): boolean {
    return this.rows.rowCount >= (this.options.maxRows ?? Infinity);
  }

  push(text: string): void {
    if (this.ended) {
      this.refuseMore(text, 1);
      return;
    }
    if (this.splitter === null) {
      const open = text.indexOf("[");
      const line = 1 + (text.slice(0, open).match(/\n/g)?.length ?? 0);
      this.splitter = new JsonSplitter(this.options.file, line);
      this.take(this.splitter.push(text.slice(open + 1)));
    } else {
      this.take(this.splitter.push(text));
    }
  }

  private take(batch: JsonBatch | null): void {
    if (batch === null) return;
    for (let at = 0; at < batch.lines.length && !this.isFull; at++) {
      const value = jsonValue(batch.text.slice(batch.starts[at], batch.starts[at + 1] - 1));
      if (isObject(value)) this.rows.appendRow(value, batch.lines[at]);
      else this.bad.add(batch.lines[at]);
    }
    if (!batch.ended || this.isFull) return;
    this.ended = true;
    this.refuseMore(this.splitter?.rest ?? "", this.splitter?.lineNow ?? 1);
  }

  private refuseMore(text: string, line: number): void {
    const at = text.search(/\S/);
    if (at < 0) return;
    const more = line + (text.slice(0, at).match(/\n/g)?.length ?? 0);
    throw new DataError(
      `${this.options.file} goes on in line ${digits(more)} behind the end of its list; remove what follows, or put it into the list.`,
    );
  }

  end(cut: boolean): Table {
    const { file } = this.options;
    const { splitter } = this;
    if (splitter !== null && !this.isFull) {
      if (!splitter.hasEnded) this.take(splitter.end());
      if (!splitter.hasEnded && !cut) splitter.refuse();
    }
    const notes = this.bad.settle({ repair: "" });
    if (this.rows.rowCount === 0) {
      throw new DataError(
        this.bad.any
          ? `${file} has no usable rows: ${this.bad.everything} because they are not JSON objects.`
          : `${file} is an empty list; it needs objects, one for each row.`,
      );
    }
    return this.rows.finish(notes);
  }
}
