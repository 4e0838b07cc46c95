/**
 * How many records a journal may write now, so that no second, wherever it begins, holds more than 200: eighty at
 * once keep a run of a moment whole, and a hundred a second come in, of which a write every 75 milliseconds
 * finds at least seven.
 */

const recordsPerSecond = 200;

/** What comes in. */
const perSecond = 100;

/** What the pot holds. A second may find it full and get what comes in during it: then twenty are left for the end. */
const most = 80;

export class RecordBudget {
  private pot: number;
  private filled: number;
  /** How many records were written when, within the last second. */
  private recent: { time: number; records: number }[] = [];

  /** @param full whether nothing was written within the last second, as far as one knows */
  constructor(now: number, full: boolean) {
    this.pot = full ? most : 0;
    this.filled = now;
    if (!full) this.recent.push({ time: now, records: perSecond });
  }

  /** Records that may be written now, and more will come. */
  available(now: number): number {
    this.pot = Math.min(most, this.pot + (perSecond * Math.max(0, now - this.filled)) / 1000);
    this.filled = now;
    return Math.floor(this.pot);
  }

  /** Records that may be written now when none will come after them. */
  rest(now: number): number {
    return recordsPerSecond - this.lastSecond(now).reduce((sum, { records }) => sum + records, 0);
  }

  spend(records: number, now: number): void {
    this.available(now);
    this.pot -= records;
    this.recent = [...this.lastSecond(now), { time: now, records }];
  }

  private lastSecond(now: number): { time: number; records: number }[] {
    // A clock that was set back must not count what was written long ago.
    return this.recent.filter(({ time }) => Math.abs(now - time) < 1000);
  }
}
