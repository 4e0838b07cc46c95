import { DataError } from "../dataError";
import type { DataSource } from "../dataSource";
import type { ReadOptions } from "../readTable";

/**
 * The bytes of a text file as they are read: unpacked where they are compressed with gzip.
 *
 * @param onCut told when there may be more than `mostBytes`
 */
export async function* textBytes(
  source: DataSource,
  options: Pick<ReadOptions, "file" | "mostBytes" | "onProgress">,
  onCut: () => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { mostBytes = Infinity } = options;
  let given = 0;
  for await (const chunk of unpacked(counted(source, options.onProgress), options.file)) {
    const room = mostBytes - given;
    given += chunk.length;
    if (chunk.length > room) {
      onCut();
      yield chunk.subarray(0, room);
      return;
    }
    yield chunk;
  }
}

async function* counted(
  source: DataSource,
  onProgress: ((bytes: number) => void) | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  let bytes = 0;
  for await (const chunk of source.chunks()) {
    bytes += chunk.length;
    onProgress?.(bytes);
    yield chunk;
  }
}

/** The first bytes decide, whatever the file is called. */
async function* unpacked(
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
  file: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  let head = new Uint8Array(0);
  while (head.length < 2) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = head.length === 0 ? next.value.slice() : Uint8Array.of(...head, ...next.value);
  }
  if (head[0] === 0x1f && head[1] === 0x8b) yield* gunzipped(head, chunks, file);
  else {
    if (head.length > 0) yield head;
    yield* chunks;
  }
}

async function* gunzipped(
  head: Uint8Array<ArrayBuffer>,
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
  file: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const unzip = new DecompressionStream("gzip");
  const writer = unzip.writable.getWriter();
  const reader = unzip.readable.getReader();
  /** What the source threw, such as that reading was given up. */
  const failures: Error[] = [];
  const write = async (): Promise<void> => {
    await writer.write(head);
    for (;;) {
      const next = await chunks.next().catch((error: unknown) => {
        failures.push(error instanceof Error ? error : new Error(String(error)));
        throw error;
      });
      if (next.done === true) break;
      // The source may write into the same memory again.
      await writer.write(next.value.slice());
    }
    await writer.close();
  };
  const writing = write().catch((error: unknown) => writer.abort(error).catch(() => undefined));
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        throw failures[0] ?? damaged(file);
      });
      if (done) return;
      yield value;
    }
  } finally {
    // Whoever reads may have enough: the writer must not wait for room for ever.
    await reader.cancel().catch(() => undefined);
    await writing;
  }
}

function damaged(file: string): DataError {
  return new DataError(
    `${file} is compressed with gzip but damaged or cut off, so that it cannot be unpacked; get a fresh copy of it.`,
  );
}
