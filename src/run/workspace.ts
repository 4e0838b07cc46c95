/** Which files a run may read: those in its workspace folder. */
import { realpath } from "node:fs/promises";
import path from "node:path";

/** A file named by a run config that cannot be used. The message is one sentence for the user. */
export class PathError extends Error {
  override readonly name = "PathError";
}

/**
 * The workspace folder of a config on the command line: the current directory when the config lies under it,
 * else the config's own folder.
 *
 * @param configFile absolute
 */
export function workspaceFolderFor(configFile: string, currentDirectory: string): string {
  return isInside(currentDirectory, configFile) ? currentDirectory : path.dirname(configFile);
}

/** Where the runs of a workspace folder are kept. */
export function runsFolderOf(workspaceFolder: string): string {
  return path.join(workspaceFolder, ".downhill", "runs");
}

/**
 * The real, absolute path of a file that a config names. Throws a PathError when it lies outside the workspace
 * folder (also by a symbolic link) or is not there.
 *
 * @param file as written: relative to the config file
 * @param key where it is written, e.g. "data.file"
 */
export async function resolveInWorkspace(
  file: string,
  key: string,
  configFile: string,
  workspaceFolder: string,
): Promise<string> {
  const absolute = path.resolve(path.dirname(configFile), file);
  const outside = new PathError(
    `${key} is ${file}, which lies outside the workspace folder ${workspaceFolder}; copy the file into it.`,
  );
  const folder = await realpath(workspaceFolder).catch(() => path.resolve(workspaceFolder));
  // Told before looking: whether a file outside exists is nobody's business. The config itself may have been
  // reached by a link, so both spellings of the folder count.
  if (!isInside(path.resolve(workspaceFolder), absolute) && !isInside(folder, absolute)) throw outside;
  let real: string;
  try {
    real = await realpath(absolute);
  } catch (error) {
    throw new PathError(`${key} is ${file}, but ${whyNot(error, absolute)}`);
  }
  if (!isInside(folder, real)) throw outside;
  return real;
}

export function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  // On Windows a path on another drive stays absolute, and capital letters do not matter.
  return relative.split(path.sep)[0] !== ".." && !path.isAbsolute(relative);
}

/** The end of a sentence about a file: why it cannot be read. */
export function whyNot(error: unknown, file: string): string {
  const code = errorCode(error);
  if (code === "ENOENT" || code === "ENOTDIR") return `there is no file ${file}.`;
  if (code === "EACCES" || code === "EPERM") return `${file} may not be read by this user.`;
  if (code === "EISDIR") return `${file} is a folder.`;
  return `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
}

export function errorCode(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}
