import { DataError } from "../dataError";
import { counted, digits, listedLines } from "../wording";

/** What becomes of a row that cannot be read: the file is refused, or the row is left out and counted. */
export type BadRowsPolicy = "error" | "skip";

const mostNamed = 5;

/** Rows of a file that cannot be read: their number, and where the first of them are. */
export class BadRows {
  private count = 0;
  private readonly lines: number[] = [];

  /**
   * @param noun what the format calls them: "row", "line"
   * @param fault what they are, for one and for several: ["is not an object", "are not objects"]
   */
  constructor(
    private readonly file: string,
    private readonly policy: BadRowsPolicy,
    private readonly noun: string,
    private readonly fault: () => readonly [one: string, several: string],
  ) {}

  add(line: number): void {
    this.count++;
    if (this.lines.length < mostNamed) this.lines.push(line);
  }

  get any(): boolean {
    return this.count > 0;
  }

  /**
   * The note on rows that were left out, if there were any.
   *
   * @param more what to say of the first, and what to do about it
   * @throws DataError when bad rows are not to be skipped
   */
  settle(more: { first?: string; repair: string }): string[] {
    const { count, file, noun } = this;
    if (count === 0) return [];
    const [one, several] = this.fault();
    const rows = counted(count, noun);
    const where = listedLines(this.lines, count);
    if (this.policy === "skip") {
      const which = count === 1 ? `was left out because it ${one}` : `were left out because they ${several}`;
      return [`${rows} of ${file} ${which} (${where}).`];
    }
    const which = count === 1 ? one : several;
    throw new DataError(
      `${rows} of ${file} ${which} (${where}${more.first === undefined ? "" : `; ${more.first}`}); ` +
        `repair or remove ${count === 1 ? "it" : "them"}${more.repair}, or set "badRows" to "skip".`,
    );
  }

  /** "all 12 of its rows were left out": for a table of which nothing is left. */
  get everything(): string {
    return `all of its ${digits(this.count)} rows were left out`;
  }
}
