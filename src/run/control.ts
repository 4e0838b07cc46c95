/** What passes between a run and its host beside messages: commands as they come, and how far the host is behind. */
import type { SettingChange } from "../protocol/changes";
import type { RunCommand } from "../protocol/worker";

/** Thrown out of loading when the user stops the run before it has begun. */
export class StoppedEarly extends Error {}

/** The commands that must reach into a long step or evaluation: sending one raises the shared flag. */
export function interrupts(command: RunCommand): boolean {
  return command.type === "pause" || command.type === "stop";
}

/** Milliseconds between two looks for commands, however many steps, epochs or blocks that is. */
export const breathInterval = 10;

/** So many reports, half a second of them, may wait for a host that is slow to take them. */
export const mostUnread = 10;

/** The memory that host and worker share: two numbers. */
export function createFlags(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(8));
}

/** The host calls it when a report has been dealt with. */
export function reportRead(flags: Int32Array): void {
  Atomics.sub(flags, 1, 1);
}

export class Control {
  paused = false;
  /** How often the run was told to stop: once more than it took to stop it means that what still goes on is to be left. */
  stops = 0;
  /** One step is to be made, then the run pauses. */
  stepping = false;
  /** Changes of settings that were asked for. */
  private asked: SettingChange[] = [];
  private breathed = performance.now();
  private wake: () => void = () => undefined;

  /**
   * @param flag shared with the host: the number of interrupting commands sent and not yet received, and the number
   * of reports sent and not yet read
   */
  constructor(readonly flag: Int32Array) {}

  /** Counts a report that is being sent to another thread, which calls reportRead when it is done with it. */
  reportSent(): void {
    Atomics.add(this.flag, 1, 1);
  }

  /** Whether the host has not kept up with the reports. */
  get unread(): boolean {
    return Atomics.load(this.flag, 1) >= mostUnread;
  }

  receive(command: RunCommand): void {
    if (interrupts(command)) Atomics.sub(this.flag, 0, 1);
    if (command.type === "stop") this.stops++;
    else if (command.type === "pause") {
      this.paused = true;
      this.stepping = false;
    } else if (command.type === "resume") {
      this.paused = false;
      this.stepping = false;
    } else if (command.type === "change") this.asked.push(...command.changes);
    else {
      this.paused = true;
      this.stepping = true;
    }
    this.wake();
  }

  /** The changes that were asked for since they were taken last. */
  takeChanges(): SettingChange[] {
    return this.asked.splice(0);
  }

  get stopping(): boolean {
    return this.stops > 0;
  }

  /** Whether the run should stand still now. */
  get holding(): boolean {
    return this.paused && !this.stepping && !this.stopping;
  }

  /** Milliseconds until the next breath is due; 0 or less: now. */
  get untilBreath(): number {
    return Atomics.load(this.flag, 0) > 0 ? 0 : this.breathed + breathInterval - performance.now();
  }

  /** Lets messages in and file writes go on. */
  breathe(): Promise<void> {
    return new Promise((resolve) =>
      setImmediate(() => {
        this.breathed = performance.now();
        resolve();
      }),
    );
  }

  /** As breathe, but for some milliseconds, when there is nothing to do. */
  rest(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, 5));
  }

  /** Resolves at the next command. */
  nextCommand(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
}
