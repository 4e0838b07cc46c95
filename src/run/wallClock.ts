/** Estimates the time left from how the last seconds went, pauses left out. */

/** So far back the speed is measured, in milliseconds. */
const memory = 10_000;

/** Shorter stretches of time say nothing. */
const shortest = 200;

export class WallClock {
  private marks: { time: number; step: number }[] = [];
  private running = false;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** The run goes on at this step. */
  start(step: number): void {
    this.marks = [{ time: this.now(), step }];
    this.running = true;
  }

  stop(): void {
    this.running = false;
  }

  /** The run has come to this step. */
  at(step: number): void {
    if (!this.running) return;
    const time = this.now();
    const last = this.marks[this.marks.length - 1];
    // A mark every quarter of a second is enough: the list stays short.
    if (this.marks.length > 1 && time - this.marks[this.marks.length - 2].time < 250) {
      last.time = time;
      last.step = step;
    } else this.marks.push({ time, step });
    while (this.marks.length > 2 && time - this.marks[1].time > memory) this.marks.shift();
  }

  /** Seconds that so many steps will take; null while unknown. */
  secondsFor(steps: number): number | null {
    if (steps <= 0) return 0;
    const first = this.marks.at(0);
    const last = this.marks.at(-1);
    if (!first || !last || last.time - first.time < shortest || last.step === first.step) return null;
    return ((last.time - first.time) / (last.step - first.step)) * (steps / 1000);
  }
}
