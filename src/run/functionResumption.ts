/**
 * Going on with a descent on a function. It takes the same way whenever it is made, so nothing of it has to be kept but how
 * far it came: the steps up to the journal's last whole record are made once more, and the journal goes on after it.
 */
import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { decodeEvents } from "../formats/tensorboard";
import type { RunResult } from "../protocol/run";
import type { StartRun } from "../protocol/worker";
import type { FunctionRunFile } from "./functionFolder";
import { isOwnJournal, type JournalMark } from "./journal";
import { ConfigError } from "./material";
import { expectSameConfig, hasEnded } from "./resumption";
import { isFunctionRun, readAnyRunFile } from "./runFile";
import { lockRun } from "./runLock";
import { errorCode, PathError } from "./workspace";

export interface OpenedFunctionRun {
  folder: string;
  run: FunctionRunFile;
  /** Of a run that has ended, and of which nothing was opened. */
  result: RunResult | null;
  /** The last one that the journal tells of. */
  step: number;
  /** Where its last whole record ends; null when there is none. */
  journal: JournalMark | null;
  unlock: () => Promise<void>;
}

/** Takes a run's folder over. Throws a PathError, a ConfigError or a RunInUseError: one sentence for the user. */
export async function openFunctionRun(
  folder: string,
  { configFile, configText }: StartRun,
): Promise<OpenedFunctionRun> {
  await expectFunctionRun(folder, configFile);
  const unlock = await lockRun(folder);
  try {
    const run = await expectFunctionRun(folder, configFile);
    expectSameConfig(run, configFile, configText);
    const result = hasEnded(run) ? run.result : null;
    if (result) await unlock();
    return { folder, run, result, unlock, ...(await journalEnd(folder)) };
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function expectFunctionRun(folder: string, configFile: string): Promise<FunctionRunFile> {
  const run = await readAnyRunFile(folder).catch((error: unknown) => {
    const reason = errorCode(error) === "ENOENT" ? `there is no run in ${folder}` : `${folder} holds no run`;
    throw new PathError(`The run cannot be resumed: ${reason}.`);
  });
  if (isFunctionRun(run)) return run;
  throw new ConfigError(
    `${path.basename(configFile)} minimises a function, but the run ${run.id} trained a network; resume it with its own run config.`,
  );
}

async function journalEnd(folder: string): Promise<Pick<OpenedFunctionRun, "step" | "journal">> {
  const file = (await readdir(folder)).filter(isOwnJournal).sort().at(-1);
  if (file === undefined) return { step: 0, journal: null };
  const { events, intactBytes } = decodeEvents(await readFile(path.join(folder, file)));
  // Not even the beginning of the file is whole.
  if (intactBytes === 0) {
    await rm(path.join(folder, file));
    return { step: 0, journal: null };
  }
  const step = events.reduce((last, event) => Math.max(last, event.step), 0);
  return { step, journal: { file, length: intactBytes } };
}
