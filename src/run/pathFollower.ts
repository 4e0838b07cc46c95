/** Follows the parameters of a run for the trajectory, without holding the steps up. */
import { planeThrough, type PlaneOfParameters } from "../descent/parameterPlane";
import { PathRecorder, type PathState } from "../descent/path";
import { PrincipalPlane } from "../descent/plane";
import type { FloatArray } from "../engine/engine";
import type { Trajectory } from "../protocol/run";
import type { LookedPath } from "./lab/look";

/** Milliseconds between two planes, at the least. */
const refreshInterval = 250;

/** So many multiplications may wait for a plane: some ten milliseconds, so that commands are heard in time. */
const mostWaitingWork = 8_000_000;

/** A plane may take a twentieth of the run's time. */
const restAfterRefresh = 20;

/** All that a follower remembers, the planes left out. */
export interface FollowedPath extends PathState {
  /** The step whose point still carries the loss from before its update; −1: none. */
  unsettled: number;
}

export class PathFollower {
  /** The last plane that was computed. */
  latest: Trajectory | null = null;
  private readonly path: PathRecorder;
  private principal: PrincipalPlane;
  /** The step whose point still carries the loss from before its update. */
  private unsettled = -1;
  private changed = false;
  private nextRefresh = 0;
  private lastLoss = NaN;
  /** Multiplications that the next plane has to make for the points recorded since the last one. */
  private waitingWork = 0;

  constructor(parameterCount: number) {
    this.path = new PathRecorder(parameterCount);
    this.principal = new PrincipalPlane(this.path);
  }

  /** The path so far, as copies. */
  state(): FollowedPath {
    return { ...this.path.state(), unsettled: this.unsettled };
  }

  /**
   * Goes on with a path, up to the step from which the run goes on.
   *
   * @param shown the last plane, whose sides the next one keeps to
   */
  restore(path: FollowedPath, step: number, shown: Trajectory | null): void {
    this.path.restore(path, step);
    this.principal = new PrincipalPlane(this.path, shown);
    this.unsettled = path.unsettled <= step ? path.unsettled : -1;
    this.changed = true;
  }

  /** Numbers in each point of the path. */
  get pointSize(): number {
    return this.path.pointSize;
  }

  /** Of all points together. */
  get pathBytes(): number {
    return this.path.points.reduce((sum, { values }) => sum + values.byteLength, 0);
  }

  /** The next step that the path wants. */
  nextWanted(): number {
    return this.path.nextStep;
  }

  /** The batch loss at the parameters after `step` steps, which the step after it computed. */
  batchLossAt(step: number, loss: number): void {
    this.lastLoss = loss;
    if (step !== this.unsettled) return;
    this.unsettled = -1;
    const point = this.path.points.at(-1);
    if (point?.step === step) this.path.record(step, point.values, loss);
  }

  /** Whether the parameters after `step` steps are a point of the path. */
  wants(step: number): boolean {
    return this.path.wants(step);
  }

  /** The parameters after `step` steps; at the end of an epoch with the loss of all training rows. */
  parametersAt(step: number, parameters: FloatArray, trainingLoss: number | null): void {
    if (this.path.wants(step)) this.record(step, parameters, trainingLoss);
  }

  /** The end of the path, wanted or not. */
  end(step: number, parameters: FloatArray, trainingLoss: number | null): void {
    if (this.path.points.at(-1)?.step !== step) this.record(step, parameters, trainingLoss);
  }

  private record(step: number, parameters: FloatArray, trainingLoss: number | null): void {
    this.path.record(step, parameters, trainingLoss ?? this.lastLoss);
    this.unsettled = trainingLoss === null ? step : -1;
    this.changed = true;
    const { points } = this.path;
    this.waitingWork += points.length * (points.at(-1)?.values.length ?? 0);
    if (this.waitingWork < mostWaitingWork) return;
    this.principal.absorb();
    this.waitingWork = 0;
  }

  /** The path as it is now with all parameters at each point, for another thread to read; null where they are not kept. */
  looked(): LookedPath | null {
    const trajectory = this.path.sketched ? null : this.trajectory();
    return trajectory && { trajectory, points: this.path.lend(), plane: null };
  }

  /** The plane of the path as it is now, in all parameters; null where they are not kept. */
  plane(): PlaneOfParameters | null {
    const looked = this.looked();
    if (!looked?.points || looked.points.length < 2) return null;
    return planeThrough(looked.points, looked.trajectory.a, looked.trajectory.b);
  }

  /** A new plane, when one is due. */
  dueTrajectory(): Trajectory | null {
    if (!this.changed || performance.now() < this.nextRefresh) return null;
    return this.trajectory();
  }

  /** The path as it is now, on its principal plane. */
  trajectory(): Trajectory | null {
    if (this.path.points.length === 0) return null;
    if (!this.changed) return this.latest;
    const started = performance.now();
    const { step, a, b, loss, offPlane, explained, sketched } = this.principal.refresh();
    this.latest = { step, a, b, loss, offPlane, explained, sketched };
    this.changed = false;
    this.waitingWork = 0;
    const now = performance.now();
    this.nextRefresh = now + Math.max(refreshInterval, restAfterRefresh * (now - started));
    return this.latest;
  }
}
