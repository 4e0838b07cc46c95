/** Starting weights from a safetensors file. */
import path from "node:path";
import type { FloatArray, Network } from "../engine/engine";
import { parameterCount, parameterViews } from "../engine/network";
import { FormatError } from "../formats/formatError";
import { decodeSafetensors, type SafetensorsFile } from "../formats/safetensors";
import { DataFile } from "./dataFile";
import type { Fingerprint } from "./runFile";

/**
 * Reads the weights of a network. Names and shapes must be those of the network, every value finite.
 *
 * @param name how messages call the file
 */
export async function readInitialWeights(
  file: string,
  name: string,
  network: Network,
): Promise<{ parameters: FloatArray; fingerprint: Fingerprint }> {
  const source = await DataFile.open(file, () => Promise.resolve());
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of source.chunks()) chunks.push(chunk);
    const parameters = weightsOf(Buffer.concat(chunks), path.basename(name), network);
    return { parameters, fingerprint: await source.fingerprint() };
  } finally {
    await source.close();
  }
}

/** The flat parameters in a safetensors file's bytes. Throws a FormatError that names the tensor and both shapes. */
export function weightsOf(bytes: Uint8Array, name: string, network: Network): FloatArray {
  const { tensors } = decode(bytes, name);
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
