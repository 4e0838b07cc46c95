import { NumberList } from "./numberList";
import { proven, type Reading } from "./reading";

/**
 * The values of a column that has too many different cells to keep them: each is read as it comes, in both styles as
 * long as nothing proves one.
 */
export class ReadValues {
  private readonly values = new NumberList();
  private readonly others = new NumberList();

  constructor(private reading: Reading) {}

  /** What each of some texts is in the style, and in the other (which is empty where there is none). */
  valuesOf(texts: readonly string[]): { values: number[]; others: number[] } {
    const { reading } = this;
    const { other } = reading;
    const values = texts.map((text) => reading.parse(text));
    return { values, others: other === null ? [] : texts.map((text) => other.parse(text)) };
  }

  /** A row whose value is known in each style, NaN for none. */
  append(value: number, other: number): void {
    this.values.push(value);
    if (this.reading.other !== null) this.others.push(other);
  }

  appendMissing(): void {
    this.append(NaN, NaN);
  }

  /**
   * One more cell, which may prove one style and rule out the other.
   *
   * @param expected what the cell must be, where it was a number before
   * @returns false where no style reads it, so that all of this was in vain
   */
  read(trimmed: string, expected?: number): boolean {
    const { reading } = this;
    const fits = (value: number): boolean =>
      !Number.isNaN(value) && (expected === undefined || value === expected);
    const value = reading.parse(trimmed);
    const other = reading.other === null ? NaN : reading.other.parse(trimmed);
    if (fits(value)) {
      if (reading.other !== null && !fits(other)) {
        this.reading = proven(reading);
        this.others.take();
      }
      this.append(value, other);
      return true;
    }
    if (reading.other === null || !fits(other)) return false;
    this.reading = proven(reading.other);
    this.values.take();
    for (const kept of this.others.take()) this.values.push(kept);
    this.append(other, NaN);
    return true;
  }

  take(): { reading: Reading; values: Float64Array; otherwise: Float64Array | null } {
    const { reading } = this;
    return { reading, values: this.values.take(), otherwise: reading.other && this.others.take() };
  }
}
