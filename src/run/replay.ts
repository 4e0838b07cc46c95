/**
 * The state of a kept run at any step that it passed, by replay from the keyframe before it: the same bits as then, for
 * looking back and for runs that branch off.
 */
import path from "node:path";
import { DataError } from "../data/dataError";
import type { RunConfig } from "../config/runConfig";
import type { Snapshot } from "../engine/engine";
import type { Checkpoint } from "./checkpoint";
import { ChangeableEngine } from "./changeableEngine";
import { configAt, LiveChanges } from "./changes";
import { Control, createFlags } from "./control";
import { keyframeFile, keyframeSteps } from "./keyframes";
import { gatherMaterial, type LoadingControl, type Material } from "./material";
import { expectSameFiles, readCheckpoint } from "./resumption";
import { createRunEngine, scoringOf } from "./runEngine";
import { readRunFile, type RunFile } from "./runFile";
import { startName } from "./runFolder";
import { placeOf } from "./runPlace";
import { Training, type TrainingLog, type TrainingState } from "./training";

/** What a run that branches off begins with. */
export type StateAtStep = Pick<Checkpoint, "snapshot" | "state">;

export class Replay {
  private readonly start: StateAtStep;

  private constructor(
    private readonly folder: string,
    private readonly run: RunFile,
    private readonly material: Material,
    private readonly engine: ChangeableEngine,
    /** Whether the kernel is the one that computed the run; if not, the last bits may differ. */
    readonly exact: boolean,
    /** Of a branch: what it began with. */
    begun: StateAtStep | null,
  ) {
    this.start = begun ?? { snapshot: engine.snapshot(), state: this.training(0).state() };
  }

  /**
   * Reads the data of a kept run, by the config that it began with. Throws, in one sentence for the user, when they are no
   * longer those of the run.
   */
  static async open(folder: string, loading: LoadingControl): Promise<Replay> {
    const run = await readRunFile(folder);
    const { id, configText } = run;
    const start = { id, configText, ...placeOf(run, folder) };
    const unused = { runsFolder: null, steps: "thinned", trajectory: false } as const;
    const material = await gatherMaterial({ ...start, ...unused }, loading);
    expectSameFiles(run, material);
    const engine = new ChangeableEngine(createRunEngine(material, run.kernel, {}));
    const begun = run.branchedFrom
      ? await readCheckpoint(path.join(folder, startName), material.network)
      : null;
    if (run.branchedFrom && !begun) throw new DataError(lostStart(run));
    return new Replay(folder, run, material, engine, engine.kernel === run.kernel, begun);
  }

  /** The state after `step` steps. Throws a RangeError when the run ended before, or is a branch that began after it. */
  async at(step: number): Promise<StateAtStep> {
    const { branchedFrom } = this.run;
    if (branchedFrom && step < branchedFrom.step)
      throw new RangeError(`it began at step ${branchedFrom.step}, as a branch of ${branchedFrom.run}`);
    const from = await this.lastBefore(step);
    const training = this.training(from.state.step);
    this.engine.restore(from.snapshot);
    training.restore(from.state);
    await training.walkTo(step);
    if (training.step !== step)
      throw new RangeError(`the run ended at step ${training.step}, before ${step}`);
    return { snapshot: this.engine.snapshot(), state: training.state() };
  }

  private async lastBefore(step: number): Promise<{ snapshot: Snapshot; state: TrainingState }> {
    const steps = (await keyframeSteps(this.folder)).filter((each) => each <= step);
    for (const each of steps.reverse()) {
      const keyframe = await readCheckpoint(keyframeFile(this.folder, each), this.material.network);
      if (keyframe) return keyframe;
    }
    return this.start;
  }

  /** By the config that held after a step, and with the changes that were made from there on. */
  private training(step: number): Training {
    const { engine, material, run } = this;
    const control = new Control(createFlags());
    const config = configAt(material.config, run.changes, step);
    const rebuild = (changed: RunConfig): void =>
      engine.become(createRunEngine({ ...material, config: changed }, engine.kernel, {}));
    if (run.changes.length > 0) rebuild(config);
    const changes = new LiveChanges(run.changes, step, rebuild);
    const scoring = scoringOf(material);
    return new Training(engine, config, material.prepared, scoring, control, silent, false, null, changes);
  }
}

function lostStart({ id }: RunFile): string {
  return `The run ${id} is a branch and has lost the state that it began with (${startName}), so no step can be computed anew.`;
}

const nothing = (): void => undefined;
const silent: TrainingLog = {
  step: nothing,
  epoch: nothing,
  nextWanted: () => Infinity,
  parametersAt: nothing,
  ended: nothing,
  tick: nothing,
  full: () => false,
  statusChanged: nothing,
};
