/** A learning-rate range test: what its worker tells the host. */
export interface RangeTest {
  /** One a step, ascending; all three have the same length. */
  learningRates: Float64Array;
  /** Of each step's batch, before the update. */
  losses: Float64Array;
  /** Their running mean. */
  smoothed: Float64Array;
  /** At which the running mean was lowest. */
  lowest: number;
  /** A sound choice; null where the loss fell at no learning rate. */
  suggestion: number | null;
  /** What the run config says. */
  current: number;
  optimizer: string;
  /** Why the test ended before its last learning rate: the loss rose far above its lowest value, or was no number. */
  ended: "rose" | "non-finite" | null;
}

/** Worker → host. */
export type RangeTestEvent =
  | { type: "loading"; message: string; fraction: number | null }
  | { type: "tested"; test: RangeTest }
  /** One sentence; with `fault`, something is wrong in Downhill. */
  | { type: "failed"; message: string; fault: boolean };
