import { DataError } from "../dataError";
import type { DataSource } from "../dataSource";
import type { ReadOptions } from "../readTable";
import type { Table } from "../table";
import { JsonColumnsTable } from "./jsonColumns";
import { JsonLinesTable } from "./jsonLines";
import { JsonRowsTable } from "./jsonRows";
import { isObject, jsonValue } from "./jsonValue";
import { readText, type TextTable } from "./textTable";

/**
 * JSON: a list of objects, or an object of columns (lists, or objects keyed by the row as pandas writes them).
 * A file that turns out to be JSON Lines is read as such.
 */
export function readJson(source: DataSource, options: ReadOptions): Promise<Table> {
  return readText(source, options, new JsonTable(options));
}

/** So much text tells which kind of JSON it is. */
const headLength = 1 << 16;

/** Finds out which kind of JSON the text is and passes it on. */
class JsonTable implements TextTable {
  private table: TextTable | null = null;
  private head = "";

  constructor(private readonly options: ReadOptions) {}

  get isFull(): boolean {
    return this.table?.isFull ?? false;
  }

  push(text: string): void {
    if (this.table !== null) {
      this.table.push(text);
      return;
    }
    this.head += text;
    this.choose(false);
  }

  end(cut: boolean): Table {
    this.choose(true);
    if (this.table === null) {
      const { file } = this.options;
      throw new DataError(
        this.head.trim() === ""
          ? `${file} is empty; it needs a JSON list of objects.`
          : `${file} is neither a JSON list of objects nor an object of columns; it starts with "${this.head.trim().charAt(0)}".`,
      );
    }
    return this.table.end(cut);
  }

  /** @param ended there is no more text */
  private choose(ended: boolean): void {
    if (this.table !== null) return;
    const text = this.head.trimStart();
    if (text.startsWith("[")) this.table = new JsonRowsTable(this.options);
    else if (text.startsWith("{")) {
      const lines = this.isLines(text);
      if (lines === null && !ended && text.length < headLength) return;
      this.table = lines === true ? new JsonLinesTable(this.options) : new JsonColumnsTable(this.options);
    } else {
      return;
    }
    this.table.push(this.head);
    this.head = "";
  }

  /** Whether the first line is an object by itself and more follows; null while that cannot be told. */
  private isLines(text: string): boolean | null {
    const at = text.indexOf("\n");
    if (at < 0) return null;
    const first = text.slice(0, at);
    if (!first.trimEnd().endsWith("}") || !isObject(jsonValue(first))) return false;
    return text.slice(at).trim() === "" ? null : true;
  }
}
