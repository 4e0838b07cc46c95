import { stat } from "node:fs/promises";
import type { DataReading } from "../config/dataReferences";
import type { DataDescription, StartDescription } from "../protocol/describe";

interface Known {
  /** Of the file when it was read: a later change makes another one. */
  stamp: string;
  description: Promise<DataDescription>;
}

export interface ReadingOptions {
  /** A sentence and a fraction done, if known. */
  onProgress?: (message: string, fraction: number | null) => void;
  signal?: AbortSignal;
}

/** So many descriptions are kept. */
const mostKept = 12;
/** A larger file is only begun for a hover or a list of columns. */
const mostBytes = 16 * 1024 * 1024;
/** Milliseconds that a glance may take. */
const glancePatience = 20_000;

/** Descriptions of data files, made in worker threads, and kept as long as the files stay as they are. */
export class DataDescriptions {
  private readonly known = new Map<string, Known>();

  constructor(private readonly workerFile: string) {}

  /**
   * Describes a whole file.
   *
   * @throws DataError with a sentence for the user, or the signal's reason
   */
  async describe(file: string, options: ReadingOptions = {}): Promise<DataDescription> {
    const { describeInWorker } = await import("./onDemand");
    return describeInWorker({ file }, this.workerFile, options);
  }

  /**
   * What a hover or a list of columns needs: of a large file only the first rows. Many may ask, one worker answers.
   *
   * @throws as `describe`; also when there is no such file
   */
  async glance(file: string, { format, rows, badRows }: DataReading): Promise<DataDescription> {
    const { mtimeMs, size } = await stat(file);
    const key = `${format ?? ""} ${rows ?? ""} ${badRows} ${file}`;
    const stamp = `${mtimeMs} ${size}`;
    const known = this.known.get(key);
    if (known?.stamp === stamp) return known.description;
    const start: StartDescription = {
      file,
      ...(format === null ? {} : { format }),
      ...(rows === null ? {} : { rows }),
      mostBytes,
      badRows,
    };
    const description = this.read(start);
    this.known.delete(key);
    this.known.set(key, { stamp, description });
    // What went wrong with the reading itself, such as too little time, may go well the next time.
    description.catch((error: unknown) => {
      if (error instanceof Error && error.name === "DataError") return;
      if (this.known.get(key)?.description === description) this.known.delete(key);
    });
    for (const oldest of [...this.known.keys()].slice(0, -mostKept)) this.known.delete(oldest);
    return description;
  }

  private async read(start: StartDescription): Promise<DataDescription> {
    const { describeInWorker } = await import("./onDemand");
    return describeInWorker(start, this.workerFile, { signal: AbortSignal.timeout(glancePatience) });
  }
}
