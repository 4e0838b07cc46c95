/** Which Python interpreters may have PyTorch, the most wanted first. */
import { existsSync } from "node:fs";
import path from "node:path";

export interface PythonWishes {
  /** `engine.python` of the run config: then no other is tried. */
  configured: string | undefined;
  /** Where the run config lies: a path that it names is relative to it. */
  configFolder: string;
  workspaceFolder: string;
  /** What the host knows of, such as the interpreter that was chosen in the editor. */
  known: readonly string[];
}

export function pythonCandidates(
  { configured, configFolder, workspaceFolder, known }: PythonWishes,
  platform: NodeJS.Platform = process.platform,
  exists: (file: string) => boolean = existsSync,
): string[] {
  if (configured !== undefined)
    return [/[/\\]/.test(configured) ? path.resolve(configFolder, configured) : configured];
  const windows = platform === "win32";
  const inEnvironment = windows ? path.join("Scripts", "python.exe") : path.join("bin", "python");
  const environments = [".venv", "venv", "env"]
    .map((name) => path.join(workspaceFolder, name, inEnvironment))
    .filter(exists);
  const onPath = windows
    ? ["python", "py"]
    : [
        "python3",
        "python",
        ...["/usr/bin/python3", "/usr/local/bin/python3", "/opt/homebrew/bin/python3"].filter(exists),
      ];
  return [...new Set([...known, ...environments, ...onPath])];
}

/** The command that installs PyTorch for an interpreter. */
export function installCommand(python: string): string {
  return `${/\s/.test(python) ? `"${python}"` : python} -m pip install torch`;
}
