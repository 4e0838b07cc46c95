/** What the folder of a branch has from its first moment on, so that it needs the run that it branches from no more. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Network } from "../engine/engine";
import { encodeFileVersion, encodeScalars, type ScalarEvent } from "../formats/tensorboard";
import type { BranchPoint } from "../protocol/worker";
import { encodeCheckpoint } from "./checkpoint";
import { writeAtomically } from "./diskWrites";
import { journalBeforeName, replayJournal, type ReplayedJournal } from "./journal";
import type { StateAtStep } from "./replay";
import { readRunFile } from "./runFile";
import { startName } from "./runFolder";
import { journalEvents } from "./runStore";

/**
 * Writes the state that a branch begins with, and the scalars of the other run's journal up to there as a journal of its own:
 * its curves then begin where that run's do, also in TensorBoard.
 *
 * @param folder of the branch
 * @param kernel that goes on with the state
 */
export async function writeBranchStart(
  folder: string,
  branch: BranchPoint,
  network: Network,
  begun: StateAtStep,
  kernel: string,
): Promise<void> {
  const parts = encodeCheckpoint(network, { ...begun, kernel, journal: null });
  await writeAtomically(path.join(folder, startName), parts);
  const { startedAt } = await readRunFile(branch.folder);
  const records = [encodeFileVersion(startedAt / 1000)];
  for await (const events of journalEvents(branch.folder))
    records.push(...events.filter(upTo(branch.step)).map(encodeScalars));
  await writeFile(path.join(folder, journalBeforeName(startedAt)), Buffer.concat(records), { flag: "wx" });
}

/** The history of a run up to a step, as charts show it. */
export async function historyUpTo(folder: string, step: number): Promise<ReplayedJournal> {
  const history = replayJournal([]);
  for await (const events of journalEvents(folder)) replayJournal(events.filter(upTo(step)), history);
  return history;
}

function upTo(last: number): (event: ScalarEvent) => boolean {
  return ({ step }) => step <= last;
}
