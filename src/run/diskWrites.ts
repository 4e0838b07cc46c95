/** Writing to the disk so that nothing is torn, replaced by mistake, or waited for without end. */
import {
  lstat,
  mkdir,
  open,
  readdir,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { threadId } from "node:worker_threads";
import { errorCode } from "./workspace";

/** What is written: at once, or in parts that follow each other. */
type Content = string | Uint8Array | AsyncIterable<string> | Iterable<Uint8Array>;

/** How the name of a file that is being written beside another one ends. */
const besideExtension = ".new";

let writes = 0;

/** A name that no other write has, in this process or another one: two of them may write the same file. */
export function besideName(target: string): string {
  return `${target}.${process.pid}-${threadId}-${++writes}${besideExtension}`;
}

/** Removes what writers that were killed left in a folder. Whoever calls it holds the folder's lock. */
export async function removeUnfinishedWrites(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.endsWith(besideExtension)) await rm(path.join(folder, name), { force: true });
  }
}

/**
 * Writes beside, syncs and renames, so that the file is always whole: the old one or the new one. A link stays one; a
 * device or a pipe is written to as it is.
 */
export async function writeAtomically(file: string, content: Content): Promise<void> {
  const target = await behindLinks(file);
  const there = await stat(target).catch(() => null);
  if (there && !there.isFile()) return write(target, content, false);
  const beside = besideName(target);
  try {
    await write(beside, content, true);
    await replace(beside, target);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function write(file: string, content: Content, sync: boolean): Promise<void> {
  const handle = await open(file, "w");
  try {
    await writeFile(handle, content);
    if (sync) await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Where a file is, or would be made, when one writes to it. */
async function behindLinks(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch {
    // Nothing there, or a link to what is not there yet.
    const link = await lstat(file).catch(() => null);
    return link?.isSymbolicLink() ? path.resolve(path.dirname(file), await readlink(file)) : file;
  }
}

/** Windows refuses to replace a file while another program (a virus scanner, an indexer) looks at it: a short while. */
async function replace(beside: string, file: string): Promise<void> {
  for (let wait = 10; ; wait *= 2) {
    try {
      await rename(beside, file);
      return;
    } catch (error) {
      const passing = ["EPERM", "EACCES", "EBUSY"].includes(errorCode(error) ?? "");
      if (process.platform !== "win32" || !passing || wait > 1000) throw error;
    }
    await sleep(wait);
  }
}

/**
 * Makes a folder and those it lies in, unless they are there. Node's own way tries for ever where a file system (such as
 * /proc) says of a new folder that there is no such file, though its parent is there.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (await isFolder(folder)) return;
    const parent = path.dirname(folder);
    if (errorCode(error) !== "ENOENT" || parent === folder) throw error;
    // Where the parent is there now, another run has just made it.
    if (!(await isFolder(parent))) await makeFolder(parent);
    await mkdir(folder).catch(async (again: unknown) => {
      if (!(await isFolder(folder))) throw again;
    });
  }
}

async function isFolder(name: string): Promise<boolean> {
  const status = await stat(name).catch(() => null);
  return status?.isDirectory() ?? false;
}

/**
 * What tells whether two names are one file: also through links, and where there is no file yet. Null for devices and
 * pipes, which more than one may share.
 */
export async function fileIdentity(file: string): Promise<string | null> {
  const target = await behindLinks(path.resolve(file));
  const there = await stat(target, { bigint: true }).catch(() => null);
  if (there) return there.isFile() ? `${there.dev}:${there.ino}` : null;
  const folder = await realpath(path.dirname(target)).catch(() => path.dirname(target));
  return path.join(folder, path.basename(target));
}

/** When any file of a folder was last written, in milliseconds since 1970. */
export async function lastWritten(folder: string): Promise<number> {
  const times = (await readdir(folder)).map(async (name) =>
    stat(path.join(folder, name)).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    ),
  );
  return Math.max(0, ...(await Promise.all(times)));
}
