/** Deleted runs: kept in `.downhill/trash` for 30 days, so that nothing is lost by a wrong click. */
import { readdir, rename, rm, stat, utimes } from "node:fs/promises";
import path from "node:path";
import { makeFolder } from "./diskWrites";
import { readMarks } from "./runMarks";
import { readAnyRunFile } from "./runFile";

/** Days after which a deleted run is gone for good. */
export const trashDays = 30;

const day = 24 * 3600 * 1000;

/** The trash that belongs to a runs folder: beside it. */
export function trashOf(runsFolder: string): string {
  return path.join(path.dirname(runsFolder), "trash");
}

export interface DeletedRun {
  /** Its folder in the trash. */
  folder: string;
  name: string;
  title: string | undefined;
  /** Milliseconds since 1970. */
  startedAt: number;
  deletedAt: number;
}

/**
 * Moves a run's folder to the trash.
 * @returns where it lies now. Rejects when it cannot be moved; then it is where it was.
 */
export async function deleteRun(folder: string, now = new Date()): Promise<string> {
  const trash = trashOf(path.dirname(folder));
  await makeFolder(trash);
  const target = await moveToFree(folder, trash);
  // The age in the trash counts from now; the moving itself leaves no date behind.
  await utimes(target, now, now).catch(() => undefined);
  return target;
}

/**
 * Moves a deleted run back to where it was.
 * @returns its folder
 */
export async function restoreRun(trashed: string): Promise<string> {
  const runs = path.join(path.dirname(path.dirname(trashed)), "runs");
  await makeFolder(runs);
  return moveToFree(trashed, runs);
}

/** Under its own name, or that with a number when the name is taken. */
async function moveToFree(folder: string, into: string): Promise<string> {
  const name = path.basename(folder);
  for (let attempt = 1; ; attempt++) {
    const target = path.join(into, attempt === 1 ? name : `${name}-${attempt}`);
    // An empty folder would be replaced by the renaming, so what is there is looked at first.
    if ((await stat(target).catch(() => null)) !== null) continue;
    await rename(folder, target);
    return target;
  }
}

/** The runs in the trash, the one deleted last first. */
export async function listTrash(trash: string): Promise<DeletedRun[]> {
  const names = await readdir(trash).catch(() => []);
  const runs = names.map(async (name): Promise<DeletedRun | null> => {
    const folder = path.join(trash, name);
    try {
      const run = await readAnyRunFile(folder);
      const { mtimeMs } = await stat(folder);
      const { title } = await readMarks(folder);
      return { folder, name: run.name, title, startedAt: run.startedAt, deletedAt: mtimeMs };
    } catch {
      return null;
    }
  });
  return (await Promise.all(runs)).filter((run) => run !== null).sort((a, b) => b.deletedAt - a.deletedAt);
}

/** Removes for good what has been in the trash for longer than `trashDays`. Never rejects: there is a next time. */
export async function emptyTrash(trash: string, now = Date.now()): Promise<void> {
  const names = await readdir(trash).catch(() => []);
  for (const name of names) {
    const folder = path.join(trash, name);
    const status = await stat(folder).catch(() => null);
    if (status?.isDirectory() && now - status.mtimeMs > trashDays * day)
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}
