import { DataError } from "../dataError";
import { digits } from "../wording";

/** A value longer than this has surely lost a quote or a bracket. */
const longestValue = 1 << 26;

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const CLOSE_OBJECT = 125;

/** Values of a list, or entries of an object: text with commas between them, and where each begins. */
export interface JsonBatch {
  readonly text: string;
  /** Of each value, where it starts in the text, and one more for the end: a comma lies between two. */
  readonly starts: readonly number[];
  /** The line of the file, from 1, on which each value starts. */
  readonly lines: readonly number[];
  /** The bracket that ends the list or object has come: `rest` follows it. */
  readonly ended: boolean;
}

/**
 * Cuts the inside of a JSON list or object into its values while the text arrives piece by piece; the values
 * themselves are for JSON.parse. Looks at nothing but quotes, brackets, commas and line breaks.
 */
export class JsonSplitter {
  private parts: string[] = [];
  private waiting = 0;
  /** Below this length scanning again cannot pay off: keeps a very long value from taking quadratic time. */
  private enough = 0;
  /** Where the value starts that has not ended yet. */
  private lineOfValue: number;

  /**
   * @param line on which the text starts
   */
  constructor(
    private readonly file: string,
    private line: number,
  ) {
    this.lineOfValue = line;
  }

  /** The closing bracket has come. */
  hasEnded = false;

  /** What stands behind the closing bracket, once it has come. */
  rest = "";

  /** The line that has been reached. */
  get lineNow(): number {
    return this.line;
  }

  /** @throws DataError when a value is longer than any value can be */
  push(text: string): JsonBatch | null {
    this.parts.push(text);
    this.waiting += text.length;
    if (this.waiting < this.enough) return null;
    return this.scan();
  }

  /** The same for what had to wait. */
  end(): JsonBatch | null {
    return this.scan();
  }

  private scan(): JsonBatch | null {
    const text = this.parts.length === 1 ? this.parts[0] : this.parts.join("");
    const starts: number[] = [0];
    const lines: number[] = [];
    const line = new LineCounter(text, this.line);
    let [lineOfValue, atStart] = [this.line, true];
    let depth = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code <= 32) continue;
      if (atStart) [lineOfValue, atStart] = [line.at(at), false];
      if (code === QUOTE) {
        const end = endOfString(text, at);
        if (end < 0) break;
        at = end;
      } else if (code === COMMA) {
        if (depth > 0) continue;
        lines.push(lineOfValue);
        starts.push(at + 1);
        atStart = true;
      } else if (code === 91 || code === 123) {
        depth++;
      } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) {
        if (--depth >= 0) continue;
        const inside = text.slice(0, at);
        // "[]" and a comma before the bracket: nothing stands there, and the second is a fault of the file.
        if (inside.slice(starts[starts.length - 1]).trim() !== "" || starts.length > 1) {
          lines.push(lineOfValue);
          starts.push(at + 1);
        }
        this.line = line.at(at);
        this.rest = text.slice(at + 1);
        this.hasEnded = true;
        this.keep("");
        return { text: inside, starts, lines, ended: true };
      }
    }
    const cut = starts[starts.length - 1];
    const lineAtCut = new LineCounter(text, this.line).at(cut);
    if (text.length - cut > longestValue) this.refuse(lineOfValue);
    this.enough = starts.length > 1 ? 0 : 2 * text.length;
    this.lineOfValue = lineOfValue;
    this.line = lineAtCut;
    this.keep(text.slice(cut));
    if (starts.length === 1) return null;
    return { text: text.slice(0, cut - 1), starts, lines, ended: false };
  }

  private keep(text: string): void {
    this.parts = text === "" ? [] : [text];
    this.waiting = text.length;
  }

  /** For the end of the file, when the closing bracket has not come. */
  refuse(line: number = this.lineOfValue): never {
    throw new DataError(
      `The value that starts in line ${digits(line)} of ${this.file} never ends: a quote or a bracket in it does not close; repair the file.`,
    );
  }
}

/** The line of ascending places in a text. */
class LineCounter {
  private next: number;

  constructor(
    private readonly text: string,
    private line: number,
  ) {
    this.next = text.indexOf("\n");
  }

  at(place: number): number {
    while (this.next >= 0 && this.next < place) {
      this.line++;
      this.next = this.text.indexOf("\n", this.next + 1);
    }
    return this.line;
  }
}

/** Where the string that opens at `from` closes, or −1. */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let before = at - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((at - 1 - before) % 2 === 0) return at;
  }
  return -1;
}
