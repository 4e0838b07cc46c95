import type { RunCommand, RunEvent } from "../protocol/worker";

export type EventListener = (event: RunEvent) => void | Promise<void>;

/**
 * The life of one run, whoever computes it. Events arrive in order; "done" is the last one and always
 * comes, also when the computing process dies.
 */
export interface Trainer {
  /**
   * A listener that cannot keep up returns a promise: the run goes on meanwhile, but waits rather than let more
   * and more reports pile up.
   */
  onEvent(listener: EventListener): void;
  send(command: RunCommand): void;
  /** Ends the computation at once, whatever it is doing; "done" still follows. */
  terminate(): Promise<void>;
}
