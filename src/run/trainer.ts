import type { RunCommand, RunEvent } from "../protocol/worker";

/**
 * The life of one run, whoever computes it. Events arrive in order; "done" is the last one and always
 * comes, also when the computing process dies.
 */
export interface Trainer {
  onEvent(listener: (event: RunEvent) => void): void;
  send(command: RunCommand): void;
  /** Ends the computation at once, whatever it is doing; "done" still follows. */
  terminate(): Promise<void>;
}
