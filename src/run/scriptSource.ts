/** A kept run as it was before its first step, with the data it was made from. */
import { RunError } from "./trainedModel";
import { gatherMaterial, type Material } from "./material";
import { expectSameFiles } from "./resumption";
import { readRunFile } from "./runFile";
import { placeOf } from "./runPlace";
import { batchRows } from "./training";

/** What a training script is made of. */
export interface ScriptSource {
  /** Of the run config. */
  name: string;
  run: string;
  material: Material;
  batchSize: number;
}

/** Throws, in one sentence for the user, when the data are no longer those of the run, or it did not begin at its start. */
export async function scriptSourceOf(folder: string): Promise<ScriptSource> {
  const run = await readRunFile(folder);
  const { id, name, configText } = run;
  if (run.branchedFrom)
    throw new RunError(`${id} branched off another run, which a script cannot make again; export that one.`);
  const unused = { runsFolder: null, steps: "thinned", trajectory: false } as const;
  const quietly = { progress: () => undefined, breathe: () => Promise.resolve() };
  const material = await gatherMaterial({ id, configText, ...placeOf(run, folder), ...unused }, quietly);
  expectSameFiles(run, material);
  const batchSize = batchRows(material.config, material.prepared.training.count);
  return { name, run: id, material, batchSize };
}
