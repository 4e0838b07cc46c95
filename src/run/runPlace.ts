/** Where the files of a kept run are now: its workspace folder may have been moved since. */
import path from "node:path";
import type { RunFile } from "./runFile";
import { isInside } from "./workspace";

/** @param folder the run's, as it is now */
export function placeOf(
  { configFile, workspaceFolder }: Pick<RunFile, "configFile" | "workspaceFolder">,
  folder: string,
): { configFile: string; workspaceFolder: string } {
  const runsFolder = path.dirname(folder);
  const kept = path.dirname(runsFolder);
  // Kept elsewhere: nothing is known but what was written.
  if (path.basename(runsFolder) !== "runs" || path.basename(kept) !== ".downhill")
    return { configFile, workspaceFolder };
  const now = path.dirname(kept);
  if (isInside(now, configFile)) return { configFile, workspaceFolder: now };
  return { configFile: path.join(now, path.relative(workspaceFolder, configFile)), workspaceFolder: now };
}
