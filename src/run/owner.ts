/** Which process a run belongs to, so that a run whose process died can be told from a living one. */
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { isMainThread } from "node:worker_threads";
import { errorCode } from "./workspace";

export interface Owner {
  /** Of the extension host or the command line, which the worker thread shares. */
  pid: number;
  host: string;
  /** Tells two processes that had the same number apart, where the system says when a process began. */
  started: string | null;
}

/** Runs that this process is computing now. Known in the main thread only. */
const liveHere = new Set<string>();

export function markLive(id: string, live: boolean): void {
  if (live) liveHere.add(id);
  else liveHere.delete(id);
}

/** Whether this process is the owner, and not one that had its number before. */
export function isThisProcess(owner: Owner): boolean {
  const own = thisProcess();
  return owner.pid === own.pid && owner.host === own.host && owner.started === own.started;
}

export function thisProcess(): Owner {
  return { pid: process.pid, host: hostname(), started: processStart(process.pid) };
}

/**
 * Whether the owner of an unfinished run is still at work on it.
 *
 * @param lastWritten finds out when the run's files were last touched, milliseconds since 1970
 */
export async function isAlive(
  owner: Owner,
  id: string,
  lastWritten: () => Promise<number>,
): Promise<boolean> {
  // Another machine's processes cannot be seen: its runs count as going on while they are being written.
  if (owner.host !== hostname()) return Date.now() - (await lastWritten()) < 60_000;
  // A process number can be used again, above all in containers, where the first one is always small.
  if (owner.started !== processStart(owner.pid)) return false;
  if (owner.pid === process.pid) return !isMainThread || liveHere.has(id);
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, but belongs to another user.
    return errorCode(error) === "EPERM";
  }
}

/** Boot and start time of a process on Linux; null elsewhere, or when there is no such process. */
function processStart(pid: number): string | null {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Field 22; the command's name, field 2, may hold spaces and brackets of its own.
    return `${boot}:${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]}`;
  } catch {
    return null;
  }
}
