/**
 * An index of a runs folder, so that thousands of runs are listed at once: what run.json said of each finished run when
 * it was last read. It is a cache and nothing else: lost or wrong, it is made anew from the folders.
 */
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { finishedStatuses } from "../protocol/run";
import { writeAtomically } from "./diskWrites";
import { newestFirst, readStoredRun, runFolderNames, type StoredRun } from "./runStore";

/** A dot-file, as a runs folder holds only those and run folders. */
const indexName = ".index.json";

/** Raise it when `StoredRun` changes: an index of another version is not read. */
const indexVersion = 2;

/** Files looked at together: a folder may hold thousands of runs. */
const readersAtOnce = 32;

interface Entry {
  /** The folder's own date: writing a file beside and renaming it, as runs do, changes it. */
  modified: number;
  run: StoredRun;
}

export class RunIndex {
  private entries: Map<string, Entry> | null = null;
  /** Folders that are to be read again whatever their date. */
  private readonly suspects = new Set<string>();
  private changed = false;

  /** @param runsFolder `.downhill/runs` of a workspace folder; it need not be there */
  constructor(private readonly runsFolder: string) {}

  /**
   * The runs, newest first. Finished runs that the index knows are taken from it, unless something was said to have
   * changed in them; `verify` finds out about the others.
   */
  async list(): Promise<StoredRun[]> {
    const entries = (this.entries ??= await this.load());
    const names = await runFolderNames(this.runsFolder);
    const present = new Set(names);
    for (const name of [...entries.keys()]) if (!present.has(name)) this.drop(entries, name);
    const toRead = names.filter((name) => {
      const entry = entries.get(name);
      return !entry || this.suspects.has(name) || !isSettled(entry.run);
    });
    this.suspects.clear();
    await eachOf(toRead, (name) => this.read(entries, name));
    return newestFirst([...entries.values()].map(({ run }) => run));
  }

  /** Looks at every folder's date and reads again what has changed. @returns whether any run has. */
  async verify(): Promise<boolean> {
    const entries = (this.entries ??= await this.load());
    let found = false;
    await eachOf([...entries.keys()], async (name) => {
      const modified = await modifiedAt(path.join(this.runsFolder, name));
      if (modified === entries.get(name)?.modified) return;
      await this.read(entries, name);
      found = true;
    });
    return found;
  }

  /** Something was written in a run's folder. @param name of the folder */
  suspect(name: string): void {
    this.suspects.add(name);
  }

  /** Writes the index if it has changed. Never rejects: without it the next listing takes longer. */
  async save(): Promise<void> {
    if (!this.changed || !this.entries) return;
    this.changed = false;
    const text = JSON.stringify({ version: indexVersion, entries: Object.fromEntries(this.entries) });
    await writeAtomically(path.join(this.runsFolder, indexName), text).catch(() => undefined);
  }

  private async load(): Promise<Map<string, Entry>> {
    try {
      const index = JSON.parse(await readFile(path.join(this.runsFolder, indexName), "utf8")) as {
        version: unknown;
        entries: Record<string, Entry>;
      };
      if (index.version !== indexVersion) return new Map();
      // A folder that was moved as a whole keeps its index, but not its place.
      const moved = ([name, { modified, run }]: [string, Entry]): [string, Entry] => [
        name,
        { modified, run: { ...run, folder: path.join(this.runsFolder, name) } },
      ];
      return new Map(Object.entries(index.entries).map(moved));
    } catch {
      return new Map();
    }
  }

  private async read(entries: Map<string, Entry>, name: string): Promise<void> {
    const folder = path.join(this.runsFolder, name);
    try {
      // The date first: what is written after it is seen the next time.
      const modified = await modifiedAt(folder);
      entries.set(name, { modified, run: await readStoredRun(folder) });
      this.changed = true;
    } catch {
      // No run, or one that is just being made.
      this.drop(entries, name);
    }
  }

  private drop(entries: Map<string, Entry>, name: string): void {
    if (entries.delete(name)) this.changed = true;
  }
}

/** Milliseconds since 1970; NaN when there is no such folder. */
async function modifiedAt(folder: string): Promise<number> {
  return (await stat(folder).catch(() => null))?.mtimeMs ?? NaN;
}

async function eachOf(names: readonly string[], work: (name: string) => Promise<void>): Promise<void> {
  const rest = [...names];
  const worker = async (): Promise<void> => {
    for (let name = rest.pop(); name !== undefined; name = rest.pop()) await work(name);
  };
  await Promise.all(Array.from({ length: Math.min(readersAtOnce, rest.length) }, worker));
}

/** Whether a run stays as it is: one that was interrupted may go on in another process. */
function isSettled({ status }: StoredRun): boolean {
  return status !== "interrupted" && finishedStatuses.includes(status);
}
