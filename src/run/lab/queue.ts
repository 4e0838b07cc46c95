/**
 * Takes turns between the jobs of a lab: of those that are under way the one of the highest priority works, the oldest of several; at
 * each breath it lets messages in, gives way to a more urgent one, ends if it was cancelled, and rests where runs need the processor.
 */
import { setImmediate as immediate, setTimeout as sleep } from "node:timers/promises";

/** Thrown out of a job that nobody wants any more. */
class Cancelled extends Error {}

/** What a job is given to be a good neighbour with. */
export interface Turn {
  /** To be awaited about every ten milliseconds of work. @throws when the job was cancelled, which ends it */
  readonly breathe: () => Promise<void>;
}

/** Who is told what becomes of a job. */
export interface JobListener<Part> {
  part(part: Part): void;
  /** Not called when it was cancelled or failed. */
  done(): void;
  failed(error: unknown): void;
}

interface Entry {
  readonly id: number;
  readonly priority: number;
  cancelled: boolean;
}

export class JobQueue {
  private readonly entries: Entry[] = [];
  private wake: (() => void)[] = [];
  private resumedAt = performance.now();

  /** @param crowded whether runs need all processors: then a job rests for some times as long as it worked */
  constructor(private readonly crowded: () => boolean = () => false) {}

  /** Begins a job as soon as it is its turn. */
  add<Part>(
    id: number,
    priority: number,
    work: (turn: Turn) => AsyncIterable<Part>,
    listener: JobListener<Part>,
  ): void {
    const entry: Entry = { id, priority, cancelled: false };
    this.entries.push(entry);
    void this.run(entry, work, listener);
  }

  /** Ends a job at its next breath. Nothing more is told of it. */
  cancel(id: number): void {
    const entry = this.entries.find((each) => each.id === id);
    if (entry) entry.cancelled = true;
    this.changed();
  }

  private async run<Part>(
    entry: Entry,
    work: (turn: Turn) => AsyncIterable<Part>,
    listener: JobListener<Part>,
  ): Promise<void> {
    try {
      await this.turnOf(entry);
      for await (const part of work({ breathe: () => this.breathe(entry) })) {
        if (entry.cancelled) break;
        listener.part(part);
      }
      if (!entry.cancelled) listener.done();
    } catch (error) {
      if (!entry.cancelled) listener.failed(error);
    } finally {
      this.entries.splice(this.entries.indexOf(entry), 1);
      this.changed();
    }
  }

  private async breathe(entry: Entry): Promise<void> {
    if (this.crowded()) await sleep(restFactor * Math.min(longestSlice, performance.now() - this.resumedAt));
    else await immediate();
    await this.turnOf(entry);
    this.resumedAt = performance.now();
  }

  private async turnOf(entry: Entry): Promise<void> {
    for (;;) {
      if (entry.cancelled) throw new Cancelled();
      if (this.first() === entry) return;
      await new Promise<void>((resolve) => this.wake.push(resolve));
    }
  }

  private first(): Entry | undefined {
    let first: Entry | undefined;
    for (const entry of this.entries) if (!first || entry.priority > first.priority) first = entry;
    return first;
  }

  private changed(): void {
    for (const wake of this.wake.splice(0)) wake();
  }
}

const restFactor = 4;
const longestSlice = 50;
