/**
 * What a user notes about a run: a name of its own, a pin. In a file of its own, since run.json belongs to the process
 * that computes the run.
 */
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { writeAtomically } from "./diskWrites";

export interface RunMarks {
  /** What the user calls the run; absent: what it reached says enough. */
  title?: string;
  pinned?: true;
}

const marksName = "marks.json";

/** The marks of a run; none when there is no such file or it cannot be read. */
export async function readMarks(folder: string): Promise<RunMarks> {
  try {
    const { title, pinned } = JSON.parse(await readFile(path.join(folder, marksName), "utf8")) as {
      title?: unknown;
      pinned?: unknown;
    };
    return {
      ...(typeof title === "string" && title !== "" ? { title } : {}),
      ...(pinned === true ? { pinned } : {}),
    };
  } catch {
    return {};
  }
}

/** Writes what has changed; an empty title takes the name away. Rejects when the folder cannot be written. */
export async function changeMarks(
  folder: string,
  changes: { title?: string; pinned?: boolean },
): Promise<void> {
  const marks = await readMarks(folder);
  const title = (changes.title ?? marks.title ?? "").trim();
  const pinned = changes.pinned ?? marks.pinned ?? false;
  const file = path.join(folder, marksName);
  if (title === "" && !pinned) return rm(file, { force: true });
  const changed: RunMarks = { ...(title === "" ? {} : { title }), ...(pinned ? { pinned } : {}) };
  await writeAtomically(file, JSON.stringify(changed) + "\n");
}
