import { existsSync } from "node:fs";
import path from "node:path";

/**
 * Finds a command as a shell does.
 * @param {string} command
 * @returns {string | null} its file
 */
export function which(command) {
  for (const folder of (process.env["PATH"] ?? "").split(path.delimiter)) {
    const file = path.join(folder, command);
    if (existsSync(file)) return file;
  }
  return null;
}
