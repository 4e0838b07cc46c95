import type { MessagePort } from "node:worker_threads";
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
  /** A port through which another thread can look at the run (`lab/look.ts`); null, or absent, where that is not possible. */
  connect?(): MessagePort | null;
  /** Ends the computation at once, whatever it is doing; "done" still follows. */
  terminate(): Promise<void>;
}
