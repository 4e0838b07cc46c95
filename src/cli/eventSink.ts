/** Where the events of `downhill train` are written, as JSON lines. */
import { createWriteStream } from "node:fs";
import path from "node:path";
import type { Writable } from "node:stream";
import { writeFault } from "../run/runFolder";
import { CommandError, exitStatus } from "./usage";

export class EventSink {
  /** Whether "done" has been written. */
  ended = false;
  fault: unknown = null;
  onFault: () => void = () => undefined;
  private drained: Promise<void> | undefined;

  constructor(
    private readonly stream: Writable,
    private readonly own: boolean,
  ) {
    stream.on("error", (error) => {
      this.fault ??= error;
      this.onFault();
    });
  }

  /** Returns a promise when the reader is slow: it resolves when the text has been taken, or nobody reads any more. */
  write(text: string): Promise<void> | undefined {
    if (this.fault !== null || text === "" || this.stream.write(text)) return undefined;
    return (this.drained ??= new Promise((resolve) => {
      const taken = (): void => {
        for (const event of ["drain", "error", "close"]) this.stream.off(event, taken);
        this.drained = undefined;
        resolve();
      };
      for (const event of ["drain", "error", "close"]) this.stream.on(event, taken);
    }));
  }

  async close(): Promise<void> {
    if (!this.own || this.fault !== null || this.stream.writableEnded) return;
    await new Promise<void>((resolve) => {
      this.stream.once("error", () => resolve());
      this.stream.end(() => resolve());
    });
  }
}

/** @param flags "w" overwrites; "wx" fails where there is a file */
export async function openEvents(file: string, flags: "w" | "wx"): Promise<EventSink> {
  const stream = createWriteStream(path.resolve(file), { flags });
  await new Promise<void>((resolve, reject) => {
    stream.once("open", () => resolve());
    stream.once("error", (error) => {
      reject(
        new CommandError(
          `The events cannot be written to ${file}, as ${writeFault(error)}.`,
          exitStatus.failed,
        ),
      );
    });
  });
  return new EventSink(stream, true);
}
