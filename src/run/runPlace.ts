/** Where the files of a kept run are now: its workspace folder may have been moved since. */
import path from "node:path";
import type { FunctionRunFile } from "./functionFolder";
import type { RunFile } from "./runFile";
import { isInside } from "./workspace";

/** @param folder the run's, as it is now */
export function placeOf(
  run: Pick<RunFile, "configFile" | "workspaceFolder"> | Pick<FunctionRunFile, "configFile">,
  folder: string,
): { configFile: string; workspaceFolder: string } {
  const { configFile } = run;
  // A function's run needs no files.
  const workspaceFolder = "workspaceFolder" in run ? run.workspaceFolder : path.dirname(configFile);
  const runsFolder = path.dirname(folder);
  const kept = path.dirname(runsFolder);
  // Kept elsewhere: nothing is known but what was written.
  if (path.basename(runsFolder) !== "runs" || path.basename(kept) !== ".downhill")
    return { configFile, workspaceFolder };
  const now = path.dirname(kept);
  if (isInside(now, configFile)) return { configFile, workspaceFolder: now };
  return { configFile: path.join(now, path.relative(workspaceFolder, configFile)), workspaceFolder: now };
}
