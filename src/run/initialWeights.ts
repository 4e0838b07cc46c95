/** Starting weights from a safetensors file, or from another run. */
import { stat } from "node:fs/promises";
import path from "node:path";
import type { FloatArray, Network } from "../engine/engine";
import { parameterCount, parameterViews } from "../engine/network";
import { FormatError } from "../formats/formatError";
import { decodeSafetensors, type SafetensorsFile } from "../formats/safetensors";
import { DataFile } from "./dataFile";
import { readRunFile, type Fingerprint } from "./runFile";
import { checkpointName } from "./runFolder";
import { layersByShape } from "./stateDict";
import { PathError, resolveInWorkspace } from "./workspace";

/** Where weights are read from. */
export interface WeightsSource {
  /** Absolute path of the safetensors file. */
  file: string;
  /** How messages call it. */
  name: string;
  /** The run whose latest weights these are. */
  runFolder: string | null;
}

/**
 * Finds what `network.initialWeights` names: a safetensors file or a run's folder, relative to the config, or the name of a
 * run in the workspace folder. Throws a PathError when it is not there or lies outside the workspace folder.
 */
export async function findInitialWeights(
  named: string,
  configFile: string,
  workspaceFolder: string,
): Promise<WeightsSource> {
  const key = "network.initialWeights";
  const found = await resolveInWorkspace(named, key, configFile, workspaceFolder).catch(
    async (error: unknown) => {
      // A run's name is no path.
      if (/[/\\]/.test(named)) throw error;
      const folder = path.join(workspaceFolder, ".downhill", "runs", named);
      return resolveInWorkspace(folder, key, configFile, workspaceFolder).catch(() => {
        throw error;
      });
    },
  );
  const isFolder = await stat(found).then(
    (status) => status.isDirectory(),
    () => false,
  );
  if (!isFolder) return { file: found, name: path.basename(named), runFolder: null };
  const file = path.join(found, checkpointName);
  const there = await stat(file).catch(() => null);
  if (!there) {
    throw new PathError(
      `${key} is ${named}, which is a folder without the weights of a run (${checkpointName}); name a run or a safetensors file.`,
    );
  }
  return { file, name: `the run ${path.basename(found)}`, runFolder: found };
}

/**
 * Reads the weights of a network: under the names of Downhill, or under others where shapes tell which is which. Every value
 * must be finite.
 *
 * @param inputNames the inputs of the network, to tell when those of a run were others
 * @returns notes: what the user should know, one sentence each
 */
export async function readInitialWeights(
  { file, name, runFolder }: WeightsSource,
  network: Network,
  inputNames: readonly string[],
): Promise<{ parameters: FloatArray; fingerprint: Fingerprint; notes: string[] }> {
  const source = await DataFile.open(file, () => Promise.resolve());
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of source.chunks()) chunks.push(chunk);
    const notes: string[] = [];
    const parameters = weightsOf(Buffer.concat(chunks), name, network, notes);
    if (runFolder !== null) notes.push(...(await notesOnRun(runFolder, inputNames)));
    return { parameters, fingerprint: await source.fingerprint(), notes };
  } finally {
    await source.close();
  }
}

/** Shapes may fit where meanings do not. */
async function notesOnRun(folder: string, inputNames: readonly string[]): Promise<string[]> {
  const run = await readRunFile(folder).catch(() => null);
  const { inputNames: others } = run?.preparation ?? { inputNames };
  const at = inputNames.findIndex((name, index) => name !== others[index]);
  if (at < 0) return [];
  return [
    `The run ${path.basename(folder)}, whose weights this one starts from, read ${others[at]} where this one reads ${inputNames[at]}.`,
  ];
}

/**
 * The flat parameters in a safetensors file's bytes. Throws a FormatError that names the tensor and both shapes.
 *
 * @param notes told when the layers had to be found by their shapes; without it other names are refused
 */
export function weightsOf(bytes: Uint8Array, name: string, network: Network, notes?: string[]): FloatArray {
  let { tensors } = decode(bytes, name);
  if (notes && !tensors.some((tensor) => /^layers\.\d+\.weight$/.test(tensor.name))) {
    const found = layersByShape(tensors, name, network);
    ({ tensors } = found);
    notes.push(found.note);
  }
  const given = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const parameters = new Float32Array(parameterCount(network));
  const views = parameterViews(network, parameters);
  for (const view of views) {
    const tensor = given.get(view.name);
    if (!tensor) {
      const names = tensors.map((each) => each.name).slice(0, 8);
      throw new FormatError(
        `${name} has no tensor ${view.name}, which this network needs in the shape ${shapeText(view.shape)}; ` +
          `it has ${names.join(", ") || "none"}${tensors.length > names.length ? " …" : ""}.`,
      );
    }
    if (shapeText(tensor.shape) !== shapeText(view.shape)) {
      throw new FormatError(
        `${view.name} in ${name} has the shape ${shapeText(tensor.shape)}, but this network needs ` +
          `${shapeText(view.shape)}; make "hidden" and the features those of the network it came from.`,
      );
    }
    view.values.set(tensor.values);
    if (!view.values.every(Number.isFinite)) {
      throw new FormatError(`${view.name} in ${name} holds values that are not finite float32 numbers.`);
    }
  }
  const known = new Set(views.map((view) => view.name));
  const extra = tensors.find((tensor) => tensor.name.startsWith("layers.") && !known.has(tensor.name));
  if (extra) {
    throw new FormatError(
      `${name} has the tensor ${extra.name}, which this network of ${network.layers.length} ` +
        `layer${network.layers.length === 1 ? "" : "s"} has no place for; make "hidden" that of the network it came from.`,
    );
  }
  return parameters;
}

function decode(bytes: Uint8Array, name: string): SafetensorsFile {
  try {
    return decodeSafetensors(bytes);
  } catch (error) {
    throw error instanceof FormatError ? new FormatError(`${name} ${error.message}.`) : error;
  }
}

function shapeText(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}
