/**
 * Who may write into a run folder: one process at a time. The lock of a process that is dead counts for nothing.
 *
 * A lock is a file `.lock-N`. To take a folder over one makes the next one, which only one process can do; the lock that
 * counts is the one with the highest number.
 */
import { link, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { besideName, lastWritten } from "./diskWrites";
import { isAlive, isThisProcess, thisProcess, type Owner } from "./owner";
import { errorCode } from "./workspace";

const lockPattern = /^\.lock-(\d+)$/;

/** Another process is at work in the run's folder. The message is one sentence for the user. */
export class RunInUseError extends Error {
  override readonly name = "RunInUseError";
}

/** Takes a run's folder, or throws a RunInUseError. Returns how to give it back. */
export async function lockRun(folder: string): Promise<() => Promise<void>> {
  const id = path.basename(folder);
  for (let attempt = 0; attempt < 20; attempt++) {
    const last = (await lockNumbers(folder)).at(-1) ?? 0;
    if (last > 0) {
      const owner = await readOwner(lockFile(folder, last));
      // Given back just now.
      if (owner === null) continue;
      if (owner !== "torn" && (await isAlive(owner, id, () => lastWritten(folder)))) throw inUse(id, owner);
    }
    const mine = lockFile(folder, last + 1);
    if (!(await make(mine))) continue;
    for (const number of await lockNumbers(folder)) {
      if (number <= last) await rm(lockFile(folder, number), { force: true });
    }
    return () => rm(mine, { force: true });
  }
  throw new RunInUseError(`The run ${id} is being taken over by other processes; try again in a moment.`);
}

/** Gives back what this process holds of a run whose thread died. */
export async function unlockRun(folder: string): Promise<void> {
  for (const number of await lockNumbers(folder)) {
    const owner = await readOwner(lockFile(folder, number));
    if (owner !== null && owner !== "torn" && isThisProcess(owner))
      await rm(lockFile(folder, number), { force: true });
  }
}

function inUse(id: string, { pid, host }: Owner): RunInUseError {
  const where = host === thisProcess().host ? `process ${pid}` : `process ${pid} on ${host}`;
  return new RunInUseError(
    `The run ${id} is being trained by another window or command line (${where}); stop it there first.`,
  );
}

async function lockNumbers(folder: string): Promise<number[]> {
  const numbers = (await readdir(folder)).flatMap((name) => lockPattern.exec(name)?.[1] ?? []);
  return numbers.map(Number).sort((a, b) => a - b);
}

function lockFile(folder: string, number: number): string {
  return path.join(folder, `.lock-${number}`);
}

/** Null when there is no such lock any more; "torn" when whoever made it died before it was written. */
async function readOwner(file: string): Promise<Owner | "torn" | null> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Owner;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    if (error instanceof SyntaxError) return "torn";
    throw error;
  }
}

/** Makes a lock with its content at once, unless there is one of that name: returns whether it did. */
async function make(file: string): Promise<boolean> {
  const beside = besideName(file);
  const content = JSON.stringify(thisProcess());
  try {
    await writeFile(beside, content);
    await link(beside, file);
    return true;
  } catch (error) {
    // ENOENT: whoever has the folder now tidied up.
    if (["EEXIST", "ENOENT"].includes(errorCode(error) ?? "")) return false;
    if (!["EPERM", "ENOTSUP", "ENOSYS", "EMLINK"].includes(errorCode(error) ?? "")) throw error;
    // A file system without second names: made, then written.
    return await writeFile(file, content, { flag: "wx" }).then(
      () => true,
      (fault: unknown) => {
        if (errorCode(fault) === "EEXIST") return false;
        throw fault;
      },
    );
  } finally {
    await rm(beside, { force: true });
  }
}
