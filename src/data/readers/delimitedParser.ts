import Papa from "papaparse";
import { DataError } from "../dataError";
import { sniffDelimiter } from "./sniffDelimiter";
import { digits } from "../wording";

/** Rows of cells, and the line of the file, from 1, on which each row starts. */
export interface ParsedRows {
  readonly rows: string[][];
  readonly lines: number[];
}

interface PapaResult {
  data: string[][];
  errors: { code: string; row?: number; index?: number }[];
  meta: { cursor: number };
}

/** So much text tells the separator. */
const headLength = 1 << 16;
/** A quoted value longer than this has surely lost its closing quote. */
const longestRow = 1 << 24;
const longestLine = 1 << 28;

const lineBreak = /\r\n|\n|\r/g;

/**
 * Cuts delimited text into rows while it arrives piece by piece. The unfinished row at the end of a piece,
 * which may be in the middle of a quoted line break, is kept back and parsed again with what follows, so
 * that the result does not depend on where the pieces were cut. Blank lines are skipped.
 */
export class DelimitedParser {
  /** Known once the first rows came out. */
  delimiter: string;
  private newline: "\n" | "\r" = "\n";
  private parser: InstanceType<typeof Papa.Parser> | null = null;
  private pending = "";
  /** Below this length parsing again cannot pay off: keeps a very long row from taking quadratic time. */
  private enough = headLength;
  private line = 1;

  /** @param delimiter null: told by the text. */
  constructor(
    private readonly file: string,
    delimiter: string | null,
  ) {
    this.delimiter = delimiter ?? "";
  }

  /** @throws DataError on a malformed or endless quoted value */
  push(text: string): ParsedRows {
    this.pending += text;
    if (this.pending.length < this.enough) return { rows: [], lines: [] };
    return this.parse();
  }

  /**
   * Lets somebody else take whole rows without quotes from the beginning of what comes next: `take` says how much
   * of the text it took, and how many lines that was. Not before the first rows have come out.
   */
  passBy(text: string, take: (text: string, line: number) => { length: number; rows: number }): string {
    if (this.parser === null || this.newline !== "\n" || this.pending.length > text.length) return text;
    const all = this.pending + text;
    const { length, rows } = take(all, this.line);
    if (length === 0) return text;
    this.line += rows;
    this.pending = "";
    this.enough = 0;
    return all.slice(length);
  }

  /** The complete rows among what was kept back because parsing did not pay off yet. */
  complete(): ParsedRows {
    return this.parse();
  }

  /** The rows that were kept back. @throws DataError when a quote never closes. */
  end(): ParsedRows {
    // With a line break at the very end the last row is like any other.
    if (this.pending !== "") this.pending += this.parser === null ? newlineOf(this.pending) : this.newline;
    const parsed = this.parse();
    if (this.pending !== "") this.refuseOpenQuote();
    return parsed;
  }

  private start(): InstanceType<typeof Papa.Parser> {
    this.newline = newlineOf(this.pending);
    // Spreadsheet programs write and understand a first line that names the separator.
    const named = /^sep=(.)\r?[\n\r]/i.exec(this.pending);
    if (named) {
      this.pending = this.pending.slice(named[0].length);
      this.line++;
      if (this.delimiter === "") this.delimiter = named[1];
    }
    if (this.delimiter === "")
      this.delimiter = sniffDelimiter(this.pending.slice(0, headLength), this.newline);
    return new Papa.Parser({ delimiter: this.delimiter, newline: this.newline });
  }

  private parse(): ParsedRows {
    this.parser ??= this.start();
    const text = this.pending;
    const { data, errors, meta } = this.parser.parse(text, 0, true) as PapaResult;
    // A fault in the unfinished row is none of `data` and may be gone when the row is complete.
    const faultyRow = errors.length > 0 ? errors[0].row : undefined;
    const consumed = text.slice(0, meta.cursor);
    const lines = this.countLines(data, consumed, faultyRow);
    this.pending = text.slice(meta.cursor);
    this.enough = data.length > 0 ? 1 : Math.max(2 * text.length, 1);
    if (this.pending.length > longestRow) this.refuseLongRow();
    const blank = (row: string[]): boolean => row.length === 1 && row[0].trim() === "";
    if (!data.some(blank)) return { rows: data, lines };
    return {
      rows: data.filter((row) => !blank(row)),
      lines: lines.filter((_, index) => !blank(data[index])),
    };
  }

  private countLines(data: string[][], consumed: string, faultyRow: number | undefined): number[] {
    const lines = new Array<number>(data.length);
    let breaks = 0;
    for (let at = consumed.indexOf(this.newline); at >= 0; at = consumed.indexOf(this.newline, at + 1))
      breaks++;
    const plain = breaks === data.length;
    for (let row = 0; row < data.length; row++) {
      lines[row] = this.line++;
      if (faultyRow === row) {
        throw new DataError(
          `Line ${lines[row]} of ${this.file} has text after a closing quote; write quotes within a quoted value twice ("").`,
        );
      }
      if (!plain) this.line += breaksWithin(data[row]);
    }
    return lines;
  }

  /** A long row may just be long, until it is too long for memory. */
  private refuseLongRow(): void {
    if (this.faults().length > 0) this.refuseOpenQuote();
    if (this.pending.length <= longestLine) return;
    throw new DataError(
      `Line ${digits(this.line)} of ${this.file} is longer than ${digits(longestLine >> 20)} million characters, too long for a row.`,
    );
  }

  private faults(): PapaResult["errors"] {
    const parser = new Papa.Parser({ delimiter: this.delimiter, newline: this.newline });
    return (parser.parse(this.pending, 0, false) as PapaResult).errors;
  }

  private refuseOpenQuote(): never {
    const errors = this.faults();
    const before = this.pending.slice(0, errors[0]?.index ?? 0);
    const line = this.line + (before.match(lineBreak)?.length ?? 0);
    throw new DataError(
      `The quote (") that opens in line ${digits(line)} of ${this.file} never closes; close it, or write a quote within a quoted value twice ("").`,
    );
  }
}

function breaksWithin(row: string[]): number {
  let breaks = 0;
  row.forEach((cell, index) => {
    // The last cell may end in the "\r" of the line's own "\r\n".
    const own = index === row.length - 1 && cell.endsWith("\r") ? cell.slice(0, -1) : cell;
    breaks += own.match(lineBreak)?.length ?? 0;
  });
  return breaks;
}

function newlineOf(text: string): "\n" | "\r" {
  // "\r\n" needs no case of its own: cells are trimmed. A lone "\r" is what old Macs wrote.
  return !text.includes("\n") && text.includes("\r") ? "\r" : "\n";
}
