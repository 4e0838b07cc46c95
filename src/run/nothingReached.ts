import type { RunResult } from "../protocol/run";

/** What a run reached that never made a step. */
export const nothingReached: Omit<RunResult, "status" | "message"> = {
  steps: 0,
  epochs: 0,
  trainingSeconds: 0,
  samplesPerSecond: null,
  training: null,
  validation: null,
  test: null,
};
