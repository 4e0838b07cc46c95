import type { Clock } from "../protocol/webview";

/** More moments than a chart has pixels are of no use. */
const most = 1024;

/** When steps were made, in bounded memory: every second moment is forgotten when there are too many. */
export class RunClock {
  private step: number[] = [];
  private seconds: number[] = [];
  /** Of how many moments one is kept. */
  private stride = 1;
  private skipped = 0;

  /** Moments that do not come after the last one, in steps and in time, are left out. */
  add(step: number, seconds: number): void {
    const lastStep = this.step.at(-1) ?? 0;
    if (!(step > lastStep) || !(seconds >= (this.seconds.at(-1) ?? 0))) return;
    this.skipped += 1;
    if (this.skipped < this.stride) return;
    this.skipped = 0;
    this.step.push(step);
    this.seconds.push(seconds);
    if (this.step.length < most) return;
    this.step = this.step.filter((_, i) => i % 2 === 1);
    this.seconds = this.seconds.filter((_, i) => i % 2 === 1);
    this.stride *= 2;
  }

  /** @param factor seconds of training for each that was told */
  columns(factor = 1): Clock {
    return {
      step: Float64Array.from(this.step),
      seconds: Float64Array.from(this.seconds, (value) => value * factor),
    };
  }
}
