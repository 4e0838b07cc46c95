/** The commands a run has been given, as its worker sees them between two pieces of work. */
import type { RunCommand } from "../protocol/worker";

/** Thrown out of loading when the user stops the run before it has begun. */
export class StoppedEarly extends Error {}

/** The commands that must reach into a long step or evaluation: sending one raises the shared flag. */
export function interrupts(command: RunCommand): boolean {
  return command.type === "pause" || command.type === "stop";
}

export class Control {
  paused = false;
  stopping = false;
  /** One step is to be made, then the run pauses. */
  stepping = false;
  private wake: () => void = () => undefined;

  /** @param flag shared with the host: the number of interrupting commands sent and not yet received */
  constructor(readonly flag: Int32Array) {}

  receive(command: RunCommand): void {
    if (interrupts(command)) Atomics.sub(this.flag, 0, 1);
    if (command.type === "stop") this.stopping = true;
    else if (command.type === "pause") {
      this.paused = true;
      this.stepping = false;
    } else if (command.type === "resume") {
      this.paused = false;
      this.stepping = false;
    } else {
      this.paused = true;
      this.stepping = true;
    }
    this.wake();
  }

  /** Whether the run should stand still now. */
  get holding(): boolean {
    return this.paused && !this.stepping && !this.stopping;
  }

  /** Lets messages in and file writes go on. */
  breathe(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  /** Resolves at the next command. */
  nextCommand(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
}
