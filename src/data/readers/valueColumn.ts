import { dateText } from "../../text/dateText";
import type { Column } from "../table";
import { counted } from "../wording";
import { ColumnBuilder } from "./columnBuilder";
import { lostDigitsOfInteger, lostDigitsOfNumber } from "./lostDigits";
import { NumberList } from "./numberList";
import type { ColumnRemark } from "./remarks";

/** One column of a format whose values have types of their own (JSON, Parquet), while it is read. */
export class ValueColumn {
  private readonly scalars: ColumnBuilder;
  private vectors: VectorBuilder | null = null;
  /** Why nothing can be learned from the column. */
  private because: string | null = null;
  private count = 0;
  private missing = 0;

  /** @param dates its numbers are days since 1970-01-01 */
  constructor(
    readonly name: string,
    private readonly dates = false,
  ) {
    this.scalars = new ColumnBuilder(name);
  }

  get rowCount(): number {
    return this.count;
  }

  get remarks(): readonly ColumnRemark[] {
    return this.scalars.remarks;
  }

  append(value: unknown): void {
    this.count++;
    if (value === null || value === undefined) {
      this.missing++;
      this.vectors?.appendMissing();
      return;
    }
    if (this.because !== null) return;
    if (Array.isArray(value) || ArrayBuffer.isView(value)) {
      this.appendVector(value as unknown as ArrayLike<unknown>);
    } else if (typeof value === "object") {
      this.giveUp("it holds nested objects");
    } else if (this.vectors !== null) {
      this.giveUp("it holds lists in some rows and single values in others");
    } else {
      this.appendScalar(value);
    }
  }

  /** Rows without a value until there are so many. */
  padTo(rows: number): void {
    const added = rows - this.count;
    if (added <= 0) return;
    this.count = rows;
    this.missing += added;
    if (this.vectors !== null) for (let row = 0; row < added; row++) this.vectors.appendMissing();
  }

  /** Numbers, NaN for missing ones. */
  appendNumbers(values: ArrayLike<number>): void {
    if (this.because !== null || this.vectors !== null || values.length === 0) {
      for (let at = 0; at < values.length; at++) this.append(values[at]);
      return;
    }
    this.fillUp();
    const room = this.scalars.numberRoom(values.length);
    if (room === null) {
      for (let at = 0; at < values.length; at++) this.scalars.appendNumber(values[at]);
    } else {
      let missing = 0;
      for (let at = 0; at < values.length; at++) {
        const value = values[at];
        room[at] = value;
        if (Number.isNaN(value)) missing++;
      }
      this.scalars.wrote(values.length, missing);
    }
    this.count += values.length;
  }

  private appendScalar(value: unknown): void {
    this.fillUp(this.count - 1);
    if (typeof value === "number") {
      this.scalars.noteLost(lostDigitsOfNumber(value));
      this.scalars.appendNumber(value);
    } else if (typeof value === "bigint") {
      this.scalars.noteLost(lostDigitsOfInteger(value));
      this.scalars.appendNumber(Number(value));
    } else this.scalars.appendCell(String(value));
  }

  /** Missing values are handed on with the next that is none, when it is known what the column holds. */
  private fillUp(rows = this.count): void {
    this.scalars.appendMissing(Math.max(0, rows - this.scalars.rowCount));
  }

  private appendVector(list: ArrayLike<unknown>): void {
    if (this.vectors === null) {
      if (this.count - 1 > this.missing) {
        this.giveUp("it holds lists in some rows and single values in others");
        return;
      }
      this.vectors = new VectorBuilder(list.length);
      for (let row = 0; row < this.missing; row++) this.vectors.appendMissing();
    }
    const problem = this.vectors.append(list);
    if (problem !== null) this.giveUp(problem);
  }

  giveUp(because: string): void {
    this.because = because;
    this.vectors = null;
  }

  finish(rowCount: number): Column {
    this.padTo(rowCount);
    const { name, missing } = this;
    if (this.because !== null) {
      const text = { cells: -1, numbers: -1, firstRow: 0, firstValue: "" };
      return { kind: "text", name, missing, distinct: 0, text, because: this.because };
    }
    if (this.vectors !== null) {
      const { width } = this.vectors;
      return { kind: "vector", name, width, values: this.vectors.take(), missing };
    }
    this.fillUp();
    const column = this.scalars.finish();
    if (!this.dates || column.kind !== "number" || column.missing === rowCount) return column;
    const firstRow = column.values.findIndex((value) => !Number.isNaN(value));
    const firstValue = dateText(column.values[firstRow], "day");
    const text = { cells: rowCount - column.missing, numbers: 0, firstRow, firstValue };
    return { ...column, kind: "date", text };
  }
}

/** Lists of equally many numbers, one after the other. */
class VectorBuilder {
  private readonly values = new NumberList();

  constructor(readonly width: number) {}

  appendMissing(): void {
    this.values.room(this.width).fill(NaN);
    this.values.grew(this.width);
  }

  /** Returns why the list is no vector like those before it, or null. */
  append(list: ArrayLike<unknown>): string | null {
    const { width } = this;
    if (list.length !== width || width === 0) {
      return `it holds lists of different lengths (${counted(width, "number")} in one row, ${list.length} in another)`;
    }
    const room = this.values.room(width);
    for (let at = 0; at < width; at++) {
      const value = list[at];
      if (typeof value === "number" || typeof value === "bigint") room[at] = Number(value);
      else if (value === null || value === undefined) room[at] = NaN;
      else return "it holds lists of other things than numbers";
    }
    this.values.grew(width);
    return null;
  }

  take(): Float64Array {
    return this.values.take();
  }
}
