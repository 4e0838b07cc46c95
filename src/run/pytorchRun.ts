/** The engine of a run whose config asks for PyTorch. */
import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import path from "node:path";
import type { RunConfig } from "../config/runConfig";
import { pythonCandidates } from "../pytorch/findPython";
import { PyTorchEngine } from "../pytorch/pytorchEngine";
import { PythonError } from "../pytorch/pythonError";
import { readScript, scriptName } from "../pytorch/script";
import { engineSpec, writeSpec } from "../pytorch/spec";
import { startPython } from "../pytorch/startPython";
import type { StartRun } from "../protocol/worker";
import { ConfigError, type Material } from "./material";
import { engineSettingsOf } from "./runEngine";

/** What a session needs to run Python beside it. */
export interface SessionPython {
  /** The bundle of pythonThread.ts. */
  file: string;
  /** Shared with whoever ends the run by force; see PythonOptions. */
  signal?: Int32Array;
  /** Milliseconds of silence after which Python is taken to hang. */
  mostSilence?: number;
}

/**
 * Starts PyTorch where the config asks for it; null where it does not. Throws a PythonError.
 *
 * @param breathe awaited meanwhile; throws to give up
 */
export async function pytorchEngineOf(
  material: Material,
  start: StartRun,
  python: SessionPython | undefined,
  breathe: () => Promise<void>,
): Promise<PyTorchEngine | null> {
  const { engine } = material.config;
  if (engine.type !== "pytorch" || start.prepare) return null;
  if (engine.nodes > 1) {
    throw new ConfigError(
      `This run is for ${engine.nodes} machines; prepare it with downhill cluster ${path.basename(start.configFile)}, which prints what each of them is to start, or write "nodes": 1.`,
    );
  }
  if (!start.python || !python) {
    throw new PythonError(
      'PyTorch runs a program of this computer, which Downhill does in a trusted workspace only; trust it, or use the built-in engine ("type": "builtin").',
    );
  }
  const started = await startPython({
    candidates: pythonCandidates({
      configured: engine.python,
      configFolder: path.dirname(start.configFile),
      workspaceFolder: start.workspaceFolder,
      known: start.python.known,
    }),
    config: engine,
    threads: threadsOfEach(engine, start),
    threadFile: python.file,
    ...(python.signal ? { signal: python.signal } : {}),
    ...(python.mostSilence === undefined ? {} : { mostSilence: python.mostSilence }),
    breathe,
  });
  const { prepared, initial } = material;
  const { training, validation, test } = prepared;
  return new PyTorchEngine(started, engineSettingsOf(material), { training, validation, test }, initial);
}

/** Writes what train.py needs to make a whole run by itself, and train.py, into the run's folder. */
export async function writeClusterFolder(
  folder: string,
  material: Material,
  startedAt: number,
  breathe: () => Promise<void>,
): Promise<void> {
  const { config, prepared } = material;
  const { training, validation, test, preparation } = prepared;
  const rows = { training, validation, test };
  const { target } = preparation;
  const spec = {
    ...engineSpec(engineSettingsOf(material), rows),
    startedAt,
    epochs: config.epochs,
    shuffle: config.shuffle,
    schedule: config.schedule,
    earlyStopping: config.earlyStopping ?? null,
    task: target.task,
    targetScale: target.task === "regression" ? target.scale : null,
  };
  const place = path.join(folder, "pytorch");
  await writeSpec(place, spec, rows, breathe);
  await writeFile(path.join(place, scriptName), await readScript());
}

/** Threads of each process; undefined: as many as PyTorch takes. */
function threadsOfEach(
  engine: Extract<RunConfig["engine"], { type: "pytorch" }>,
  { threads: host }: StartRun,
): number | undefined {
  if (host && host.threads > 0 && (host.beforeConfig || engine.threads === undefined)) return host.threads;
  if (engine.threads !== undefined || engine.processes === 1) return engine.threads;
  return Math.max(1, Math.floor(availableParallelism() / engine.processes));
}
