/**
 * When steps are looked at: as often as costs a small share of the run's time, whatever a look costs. What was not used up is
 * saved, though not much, so that a run of a moment is seen from its first steps.
 */

/** Of the run's time. The cut of a chunk of steps in two, and what is told of it, come on top. */
const share = 0.015;

/** Milliseconds of looking that may be saved up. */
const savings = 15;

/** More looks a second than this show nothing more … */
const shortestInterval = 40;

/** … but the first ones are all wanted. */
const firstLooks = 64;

/** All times are in milliseconds. */
export class ProbePace {
  private credit = savings;
  private filled: number;
  private looks = 0;
  private lastLook = -Infinity;
  /** What the last looks took; null before the first. */
  private cost: number | null = null;

  constructor(now: number) {
    this.filled = now;
  }

  /** @param guess what the first look may take */
  due(now: number, guess: number): boolean {
    const cost = this.cost ?? guess;
    this.credit = Math.min(Math.max(savings, cost), this.credit + share * (now - this.filled));
    this.filled = now;
    return cost <= this.credit && (this.looks < firstLooks || now - this.lastLook >= shortestInterval);
  }

  /** @param took what the look took; one that was given up counts too */
  looked(now: number, took: number): void {
    this.looks++;
    this.lastLook = now;
    this.credit -= took;
    // One that was held up by something else is soon forgotten.
    this.cost = this.cost === null ? took : Math.max(took, 0.7 * this.cost + 0.3 * took);
  }
}
