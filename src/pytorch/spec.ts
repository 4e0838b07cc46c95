/** What train.py is told of a run: a folder with `spec.json` and the matrices of its rows, to be mapped into memory. */
import { open, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Samples } from "../data/samples";
import type { EngineSettings } from "../engine/engine";
import { npyParts } from "../formats/npy";

export type RowsName = "training" | "validation" | "test";

export type RowSets = Readonly<Record<RowsName, Samples | null>>;

/** Bytes that are written at once, so that a stop is heard in between. */
const pieceBytes = 2 ** 26;

/** What spec.json says of the engine: Downhill's own words, which train.py knows. */
export function engineSpec(settings: EngineSettings, rows: RowSets): Record<string, unknown> {
  const { network, loss, optimizer, batchSize, gradientClipNorm, classWeights, seed } = settings;
  return {
    format: 1,
    layers: network.layers,
    loss,
    optimizer,
    batchSize,
    gradientClipNorm: gradientClipNorm ?? null,
    classWeights: classWeights ? Array.from(classWeights) : null,
    seed,
    rows: Object.fromEntries(
      Object.entries(rows)
        .filter(([, samples]) => samples !== null)
        .map(([name]) => [name, { inputs: `${name}.inputs.npy`, targets: `${name}.targets.npy` }]),
    ),
  };
}

/**
 * Writes the folder of a run for train.py.
 *
 * @param breathe awaited between the parts of large files; throws to give up
 */
export async function writeSpec(
  folder: string,
  spec: object,
  rows: RowSets,
  breathe: () => Promise<void>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, samples] of Object.entries(rows)) {
    if (samples === null) continue;
    const { count } = samples;
    for (const what of ["inputs", "targets"] as const) {
      const values = samples[what];
      const [head, data] = npyParts([count, values.length / count], values);
      const file = await open(path.join(folder, `${name}.${what}.npy`), "w");
      try {
        await file.write(head);
        for (let at = 0; at < data.length; at += pieceBytes) {
          await writeFully(file, data.subarray(at, at + pieceBytes));
          await breathe();
        }
      } finally {
        await file.close();
      }
    }
  }
  await writeFile(path.join(folder, "spec.json"), JSON.stringify(spec, null, 2) + "\n");
}

async function writeFully(file: Awaited<ReturnType<typeof open>>, data: Uint8Array): Promise<void> {
  for (let at = 0; at < data.length;) at += (await file.write(data, at)).bytesWritten;
}
