/** Reads a file of a run once, as it streams to whoever parses it, and tells its fingerprint. */
import { createHash } from "node:crypto";
import { open, stat, type FileHandle } from "node:fs/promises";
import type { DataSource } from "../data/dataSource";
import type { Fingerprint } from "./runFile";
import { PathError, whyNot } from "./workspace";

const chunkBytes = 256 * 1024;
/** Between two looks at whether the reading was given up. */
const mostBytesAtOnce = 1 << 24;

export class DataFile implements DataSource {
  private readonly hash = createHash("sha256");
  private read = 0;

  private constructor(
    private readonly path: string,
    private readonly handle: FileHandle,
    readonly size: number,
    private readonly betweenChunks: () => Promise<void>,
  ) {}

  /** @param betweenChunks awaited now and then; may throw to give up. Throws a PathError when there is no such file. */
  static async open(file: string, betweenChunks: () => Promise<void>): Promise<DataFile> {
    try {
      // Looked at first: opening a pipe would wait for whoever writes into it.
      const status = await stat(file);
      if (!status.isFile()) {
        const what = status.isDirectory() ? "a folder" : "a device or a pipe";
        throw new PathError(`${file} is ${what}, where a file is needed.`);
      }
      return new DataFile(file, await open(file, "r"), status.size, betweenChunks);
    } catch (error) {
      throw error instanceof PathError ? error : new PathError(capitalise(whyNot(error, file)));
    }
  }

  async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const { bytesRead, buffer } = await this.handle
        .read(new Uint8Array(chunkBytes), 0, chunkBytes, this.read)
        .catch((error: unknown) => {
          throw new PathError(capitalise(whyNot(error, this.path)));
        });
      if (bytesRead === 0) return;
      const chunk = buffer.subarray(0, bytesRead);
      this.hash.update(chunk);
      this.read += bytesRead;
      await this.betweenChunks();
      yield chunk;
    }
  }

  async slice(from: number, to: number): Promise<ArrayBuffer> {
    const bytes = new Uint8Array(to - from);
    for (let filled = 0; filled < bytes.length;) {
      await this.betweenChunks();
      const length = Math.min(bytes.length - filled, mostBytesAtOnce);
      const { bytesRead } = await this.handle
        .read(bytes, filled, length, from + filled)
        .catch((error: unknown) => {
          throw new PathError(capitalise(whyNot(error, this.path)));
        });
      if (bytesRead === 0) throw new PathError(`${this.path} became shorter while it was read; try again.`);
      filled += bytesRead;
    }
    return bytes.buffer;
  }

  /** Reads what the parser left (the fingerprint is of the whole file) and closes the file. */
  async fingerprint(): Promise<Fingerprint> {
    const rest = this.chunks();
    while (!(await rest.next()).done);
    return { file: this.path, bytes: this.read, sha256: this.hash.digest("hex") };
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

function capitalise(sentence: string): string {
  return sentence.startsWith("there is") ? `T${sentence.slice(1)}` : sentence;
}

/** A data file for a look at it: read as it is needed, with nobody to give it up. */
export function openDataFile(file: string): Promise<DataFile> {
  return DataFile.open(file, () => Promise.resolve());
}
