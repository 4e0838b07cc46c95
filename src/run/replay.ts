/**
 * The state of a kept run at any step that it passed, by replay from the keyframe before it: the same bits as then, for
 * looking back and for runs that branch off.
 */
import type { Engine, Snapshot } from "../engine/engine";
import type { Checkpoint } from "./checkpoint";
import { Control, createFlags } from "./control";
import { keyframeFile, keyframeSteps } from "./keyframes";
import { gatherMaterial, type LoadingControl, type Material } from "./material";
import { expectSameFiles, readCheckpoint } from "./resumption";
import { createRunEngine, scoringOf } from "./runEngine";
import { readRunFile } from "./runFile";
import { placeOf } from "./runPlace";
import { Training, type TrainingLog, type TrainingState } from "./training";

/** What a run that branches off begins with. */
export type StateAtStep = Pick<Checkpoint, "snapshot" | "state">;

export class Replay {
  private readonly start: StateAtStep;

  private constructor(
    private readonly folder: string,
    private readonly material: Material,
    private readonly engine: Engine,
    /** Whether the kernel is the one that computed the run; if not, the last bits may differ. */
    readonly exact: boolean,
  ) {
    this.start = { snapshot: engine.snapshot(), state: this.training().state() };
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
    const engine = createRunEngine(material, run.kernel, {});
    return new Replay(folder, material, engine, engine.kernel === run.kernel);
  }

  /** The state after `step` steps. Throws a RangeError when the run ended before. */
  async at(step: number): Promise<StateAtStep> {
    const from = await this.lastBefore(step);
    this.engine.restore(from.snapshot);
    const training = this.training();
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

  private training(): Training {
    const { engine, material } = this;
    const control = new Control(createFlags());
    return new Training(engine, material.config, material.prepared, scoringOf(material), control, silent);
  }
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
