import { DataError } from "../dataError";
import type { ReadOptions } from "../readTable";
import type { Table } from "../table";
import { counted, digits, quoted } from "../wording";
import { JsonSplitter, type JsonBatch } from "./jsonSplitter";
import { jsonValue } from "./jsonValue";
import type { TextTable } from "./textTable";
import type { ValueColumn } from "./valueColumn";
import { ValueTable } from "./valueTable";

/** Before the first column, between two, and behind the last: with a column's name where one begins. */
const opening = /^\s*[{,]\s*("(?:[^"\\]|\\.)*")\s*:\s*([^\s])/;
const closing = /^\s*(?:\{\s*)?\}\s*/;
/** A name longer than this has lost its closing quote. */
const longestName = 1 << 16;

/**
 * A JSON object of columns: each a list with a value for every row, or an object whose keys are the rows, as
 * pandas writes a table. One column after the other streams through.
 */
export class JsonColumnsTable implements TextTable {
  private readonly columns: ValueTable;
  private readonly seen = new Set<string>();
  private pending = "";
  private splitter: JsonSplitter | null = null;
  private column: ValueColumn | null = null;
  private name = "";
  private rows = 0;
  private rowsOfFirst: number | null = null;
  /** The column is an object: its values have keys, which must be those of the first such column. */
  private keyed = false;
  private keys: string[] | null = null;
  private readonly keysOfFirst: string[] = [];
  private line = 1;
  private ended = false;

  constructor(private readonly options: Pick<ReadOptions, "file" | "maxRows">) {
    this.columns = new ValueTable(options.file);
  }

  /** Never: the next columns come last. */
  readonly isFull = false;

  push(text: string): void {
    if (this.splitter !== null) this.take(this.splitter.push(text));
    else this.pending += text;
    this.between();
  }

  private between(): void {
    while (this.splitter === null && !this.ended) {
      const text = this.pending;
      const match = opening.exec(text);
      if (match === null) {
        if (closing.test(text)) this.finishObject(text);
        else if (text.length > longestName) this.refuseSyntax();
        return;
      }
      this.line += breaks(match[0]);
      this.pending = "";
      this.open(match[1], match[2]);
      this.take(this.splitterNow().push(text.slice(match[0].length)));
    }
  }

  private splitterNow(): JsonSplitter {
    return (this.splitter ??= new JsonSplitter(this.options.file, this.line));
  }

  private open(nameText: string, bracket: string): void {
    const name = jsonValue(nameText);
    if (typeof name !== "string") this.refuseSyntax();
    const { file } = this.options;
    if (bracket !== "[" && bracket !== "{") {
      throw new DataError(
        `${quoted(name)} in line ${digits(this.line)} of ${file} is not a list; a JSON file holds a list of objects, or an object whose values are columns.`,
      );
    }
    if (this.seen.has(name)) {
      throw new DataError(
        `${file} has two columns called ${quoted(name)}; rename the one in line ${digits(this.line)}.`,
      );
    }
    this.seen.add(name);
    this.name = name;
    this.column = this.columns.column(name);
    this.keyed = bracket === "{";
    this.keys = this.keyed && this.keysOfFirst.length > 0 ? this.keysOfFirst : null;
    this.rows = 0;
  }

  private take(batch: JsonBatch | null): void {
    if (batch === null) return;
    const most = this.options.maxRows ?? Infinity;
    for (let at = 0; at < batch.lines.length; at++) {
      const text = batch.text.slice(batch.starts[at], batch.starts[at + 1] - 1);
      const value = this.keyed ? this.keyedValue(text, batch.lines[at]) : jsonValue(text);
      if (value === undefined) {
        throw new DataError(
          `A value of ${quoted(this.name)} in line ${digits(batch.lines[at])} of ${this.options.file} is not JSON; repair it.`,
        );
      }
      if (this.rows < most) this.column?.append(value);
      this.rows++;
    }
    if (batch.ended) this.closeColumn();
  }

  /** The value of an entry whose key is that of the same row in the columns before. */
  private keyedValue(text: string, line: number): unknown {
    const match = /^\s*("(?:[^"\\]|\\.)*")\s*:/.exec(text);
    if (match === null) return undefined;
    const [entry, key] = match;
    if (this.keys === null) this.keysOfFirst.push(key);
    else if (this.keys[this.rows] !== key) {
      throw new DataError(
        `${quoted(this.name)} of ${this.options.file} has the row ${key} in line ${digits(line)}, where the columns before have another; give every column the same rows in the same order.`,
      );
    }
    return jsonValue(text.slice(entry.length));
  }

  private closeColumn(): void {
    const { splitter, rows, name } = this;
    if (this.rowsOfFirst === null) this.rowsOfFirst = rows;
    else if (this.rowsOfFirst !== rows) {
      throw new DataError(
        `The columns of ${this.options.file} are not equally long: ${quoted(name)} has ${counted(rows, "value")}, those before ${digits(this.rowsOfFirst)}.`,
      );
    }
    this.line = splitter?.lineNow ?? this.line;
    this.pending = splitter?.rest ?? "";
    this.splitter = null;
  }

  private finishObject(text: string): void {
    this.ended = true;
    if (text.replace(closing, "") !== "") {
      throw new DataError(
        `${this.options.file} goes on behind the end of its object of columns; if it has one object a line, set "format" to "jsonl".`,
      );
    }
  }

  private refuseSyntax(): never {
    throw new DataError(
      `Line ${digits(this.line)} of ${this.options.file} is not JSON: a column's name and its list are expected there.`,
    );
  }

  end(cut: boolean): Table {
    const { file } = this.options;
    if (this.splitter !== null) {
      const { splitter } = this;
      this.take(splitter.end());
      this.between();
      if (!cut && !splitter.hasEnded) splitter.refuse();
    }
    if (!this.ended && !cut) this.refuseSyntax();
    const rows = cut
      ? Math.min(this.rowsOfFirst ?? this.rows, this.rows || Infinity)
      : (this.rowsOfFirst ?? 0);
    if (rows === 0) throw new DataError(`${file} has no rows: its object of columns holds nothing.`);
    return this.columns.finish([], Math.min(rows, this.options.maxRows ?? Infinity));
  }
}

function breaks(text: string): number {
  return text.match(/\n/g)?.length ?? 0;
}
