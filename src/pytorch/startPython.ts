/** Finds a Python that has PyTorch and starts train.py with it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { PyTorchEngineConfig } from "../config/runConfig";
import { installCommand } from "./findPython";
import { launchArguments } from "./launch";
import type { PythonEnd, PythonMessage } from "./messages";
import { PythonError } from "./pythonError";
import { PythonProcess, type PythonOptions } from "./pythonProcess";
import { readScript, scriptName } from "./script";

/** A process that is ready to compute. */
export interface StartedPython {
  process: PythonProcess;
  /** Of this run alone: holds the script, and whatever else is of no use afterwards. */
  folder: string;
  /** What train.py says of itself. */
  torch: string;
  device: string;
  processes: number;
}

export interface StartPython extends PythonOptions {
  candidates: readonly string[];
  config: Pick<PyTorchEngineConfig, "device" | "processes">;
  threads: number | undefined;
  /** Awaited while it starts; throws to give up. */
  breathe: () => Promise<void>;
}

/** Throws a PythonError when none of the candidates has PyTorch, or it cannot do what the config asks for. */
export async function startPython(options: StartPython): Promise<StartedPython> {
  const { candidates, config, threads, breathe } = options;
  const folder = await mkdtemp(path.join(os.tmpdir(), "downhill-pytorch-"));
  try {
    const file = path.join(folder, scriptName);
    await writeFile(file, await readScript());
    /** Interpreters without PyTorch, and the others with why not. */
    const without: string[] = [];
    for (const command of candidates) {
      const process = new PythonProcess(
        { command, args: launchArguments(file, config, threads), env: {}, folder },
        options,
      );
      let first: PythonMessage | PythonEnd;
      try {
        first = await process.started(breathe);
      } catch (error) {
        await process.close();
        throw error;
      }
      if ("header" in first && first.header.type === "ready") {
        const { torch, device, processes } = first.header;
        return {
          process,
          folder,
          torch: String(torch),
          device: String(device),
          processes: Number(processes),
        };
      }
      await process.close();
      if ("header" in first)
        throw new PythonError(`PyTorch cannot train this run: ${String(first.header.message)}.`);
      if (first.fault !== undefined) continue;
      if (!lacksTorch(first)) throw process.failed;
      without.push(command);
    }
    throw new PythonError(notFound(candidates, without));
  } catch (error) {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
}

function lacksTorch({ lines }: PythonEnd): boolean {
  return lines.some((line) => /No module named '?torch/.test(line));
}

function notFound(candidates: readonly string[], without: readonly string[]): string {
  const remedy = 'or use the built-in engine ("type": "builtin")';
  if (without.length > 0) {
    const [first] = without;
    const tried =
      without.length === 1 ? `${first} has no PyTorch` : `None of ${without.join(", ")} has PyTorch`;
    return `${tried}; install it with ${installCommand(first)}, name another interpreter as "python" in "engine", ${remedy}.`;
  }
  return candidates.length === 1
    ? `There is no Python interpreter ${candidates[0]}; name another as "python" in "engine", ${remedy}.`
    : `No Python interpreter was found (${candidates.join(", ")}); install Python and PyTorch, name an interpreter as "python" in "engine", ${remedy}.`;
}
