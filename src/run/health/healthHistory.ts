/** What was measured of steps so far, in bounded memory: thinned as the history of steps is. */
import type { HealthColumns } from "../../protocol/health";
import { Series, thinHealth } from "../columns";

/** Probes that are kept: as many as a chart has pixels. */
const limit = 1024;

/** Probes in ascending order. A quantity absent from some probes is NaN there. */
export class HealthHistory {
  private readonly step = new Series();
  private readonly values = new Map<string, Series>();

  get length(): number {
    return this.step.length;
  }

  push(step: number, values: Readonly<Record<string, number>>): void {
    const single = Object.entries(values).map(([key, value]) => [key, Float64Array.of(value)]);
    this.append({
      step: Float64Array.of(step),
      values: Object.fromEntries(single) as HealthColumns["values"],
    });
  }

  append(columns: HealthColumns): void {
    const before = this.step.length;
    this.step.append(columns.step);
    for (const [key, values] of Object.entries(columns.values)) {
      let series = this.values.get(key);
      if (!series) {
        this.values.set(key, (series = new Series()));
        series.append(new Float64Array(before).fill(NaN));
      }
      series.append(values);
    }
    for (const series of this.values.values()) {
      if (series.length < this.step.length)
        series.append(new Float64Array(this.step.length - series.length).fill(NaN));
    }
    if (this.step.length > limit) this.compact();
  }

  columns(): HealthColumns {
    const values = [...this.values].map(([key, series]) => [key, series.copy()]);
    return { step: this.step.copy(), values: Object.fromEntries(values) as HealthColumns["values"] };
  }

  clear(): void {
    this.step.clear();
    this.values.clear();
  }

  private compact(): void {
    const thinned = thinHealth(this.columns(), limit / 2);
    this.clear();
    this.append(thinned);
  }
}
