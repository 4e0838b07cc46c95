/** Trains a case in this thread and says what advice it gets, half way and at its end. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { RunEvent } from "../../../src/protocol/worker";
import { Control, createFlags } from "../../../src/run/control";
import { LiveRun } from "../../../src/run/liveRun";
import { runSession } from "../../../src/run/session";
import type { Case } from "./cases";
import { dataSet } from "./sets";

export { faulty, healthy } from "./cases";

export interface Advised {
  /** The advice's ids, and the sentences of the first. */
  ids: string[];
  evidence: string;
  fixes: string[];
  message: string;
}

/** @param root of the project, where the examples are. @param folder for the case's files */
export async function train(
  { config }: Pick<Case, "config">,
  root: string,
  folder: string,
): Promise<Advised> {
  const configFile = path.join(folder, "case.train.json");
  const configText = JSON.stringify(config);
  writeFileSync(path.join(folder, config.data.file), dataSet(config.data.file, root));
  let listener: (event: RunEvent) => unknown = () => undefined;
  const trainer = {
    onEvent: (to: typeof listener) => void (listener = to),
    send: () => undefined,
    terminate: () => Promise.resolve(),
  };
  const run = new LiveRun(trainer, { id: "case", name: "case", configFile, configText });
  const start = { id: "case", configFile, configText, workspaceFolder: folder, runsFolder: null };
  await runSession(
    { ...start, steps: "thinned", trajectory: false, health: true },
    new Control(createFlags()),
    (event) => {
      listener(event);
    },
  );
  const { advice } = run;
  return {
    ids: advice.map(({ id }) => id),
    evidence: advice.map(({ evidence }) => evidence).join(" "),
    fixes: advice.flatMap(({ fixes }) => fixes.map(({ label }) => label)),
    message: run.result?.message ?? "",
  };
}
