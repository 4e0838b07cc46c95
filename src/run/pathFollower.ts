/** Follows the parameters of a run for the trajectory. */
import type { FloatArray } from "../engine/engine";
import type { Trajectory } from "../protocol/run";

export class PathFollower {
  latest: Trajectory | null = null;
  constructor(readonly parameters: number) {}
  nextWanted(): number {
    return Infinity;
  }
  lossAt(_step: number, _loss: number): void {}
  parametersAt(_step: number, _parameters: FloatArray, _trainingLoss: number | null): void {}
  dueTrajectory(): Trajectory | null {
    return null;
  }
  trajectory(): Trajectory | null {
    return null;
  }
}
