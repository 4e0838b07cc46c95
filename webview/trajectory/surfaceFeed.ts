/** Decides when the surface under a path is asked for: again when the plane has moved, and never more often than is useful. */
import type { Trajectory } from "../../src/protocol/run";
import type { PlaneChoice, Region, SurfacePart } from "../../src/protocol/surface";
import { HeightField } from "../surface/heightField";
import type { Asked, LabLine } from "../labLine";

/** Points along either side. */
const size = 64;

/** Milliseconds between two surfaces of a run that goes on. */
const interval = 1000;

/** A surface that takes long is asked for less often: it may take this share of the time. */
const rest = 2;

/** Milliseconds after which a picture that still changes is asked for anew: while a window is made larger, say. */
const settling = 150;

/** Milliseconds after a failure. */
const afterFailure = 5000;

/** By how much of its extent a plane may move before the surface under it is no longer worth finishing. */
const moved = 0.06;

/** What the card wants to see. */
export interface WantedSurface {
  run: string;
  /** Tells one plane from another: a change begins anew. */
  key: string;
  plane: PlaneChoice;
  /** The path as it is drawn now; null where the plane is not that of a path. */
  trajectory: Trajectory | null;
  /** What the picture shows, and what is asked for: perhaps a little more. */
  shown: Region;
  region: Region;
  /** The step at which the run stands, as far as the picture knows: a surface of an earlier one is out of date. */
  step: number;
  finished: boolean;
}

export class SurfaceFeed {
  /** The surface that is drawn, perhaps of a plane from a moment ago. */
  field: HeightField | null = null;
  /** The true losses of the path's points, by step. */
  pathLosses = new Map<number, number>();
  /** Why there is none. */
  failed: string | null = null;
  private asked: Asked | null = null;
  /** That of the question that is open, or of the last one. */
  private key = "";
  private askedRegion: Region | null = null;
  private askedTrajectory: Trajectory | null = null;
  private askedAt = -Infinity;
  private took = 0;
  private hasPart = false;
  private askedStep = NaN;
  private answeredStep = NaN;
  private timer = 0;

  constructor(
    private readonly lab: LabLine,
    private readonly changed: () => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get busy(): boolean {
    return this.asked !== null;
  }

  /** Called once a frame while the surface is to be seen. */
  want(wanted: WantedSurface): void {
    const key = `${wanted.run} ${wanted.key}`;
    if (key !== this.key) {
      this.forget();
      this.key = key;
    }
    if (this.asked) {
      if (this.hasPart && !wanted.finished && this.hasMoved(wanted)) this.ask(wanted);
      // The end of the run is what stays to be looked at.
      else if (wanted.finished && (wanted.step !== this.askedStep || !this.shows(wanted.region))) {
        if (this.now() - this.askedAt > settling) this.ask(wanted);
        else this.later(settling);
      }
      return;
    }
    if (this.answeredStep === wanted.step && this.shows(wanted.region)) return;
    const pause = this.failed !== null ? afterFailure : Math.max(interval, (1 + rest) * this.took);
    const wait = this.askedAt + (wanted.finished && this.failed === null ? settling : pause) - this.now();
    // What failed at the end of a run fails again.
    if (this.failed !== null && wanted.finished && this.askedStep === wanted.step) return;
    if (wait > 0) this.later(wait);
    else this.ask(wanted);
  }

  /** Nobody looks: what is being computed is given up, what is there is kept. */
  pause(): void {
    this.asked?.leave();
    this.asked = null;
    window.clearTimeout(this.timer);
  }

  forget(): void {
    this.pause();
    this.field = null;
    this.failed = null;
    this.key = "";
    this.askedAt = -Infinity;
    this.answeredStep = NaN;
    this.pathLosses = new Map();
  }

  /** Looks again after a while, as nothing else may cause it. */
  private later(milliseconds: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(this.changed, milliseconds);
  }

  private shows(region: Region): boolean {
    return this.askedRegion !== null && sameRegion(this.askedRegion, region);
  }

  /** Whether the plane, or what is shown of it, is no longer what is being computed. */
  private hasMoved({ trajectory, shown }: WantedSurface): boolean {
    if (this.askedRegion && !covers(this.askedRegion, shown)) return true;
    if (!trajectory || !this.askedTrajectory) return false;
    return alignment(this.askedTrajectory, trajectory).deviation > moved;
  }

  private ask(wanted: WantedSurface): void {
    this.pause();
    const started = (this.askedAt = this.now());
    this.askedRegion = wanted.region;
    this.askedTrajectory = wanted.trajectory;
    this.askedStep = wanted.step;
    this.hasPart = false;
    this.failed = null;
    this.asked = this.lab.ask(
      wanted.run,
      { kind: "surface", surface: { plane: wanted.plane, size } },
      {
        part: (answer) => {
          if ("surface" in answer) this.receive(answer.surface);
        },
        done: (failed) => {
          this.asked = null;
          this.failed = failed;
          this.took = this.now() - started;
          this.answeredStep = failed === null ? wanted.step : NaN;
          this.changed();
        },
      },
    );
  }

  private receive(part: SurfacePart): void {
    this.hasPart = true;
    // A coarse picture of the new plane is no better than a fine one of nearly the same.
    const before = this.field?.part;
    const coarser = before !== undefined && part.stride > 1 && before.stride < part.stride;
    const near =
      coarser &&
      before.trajectory !== undefined &&
      part.trajectory !== undefined &&
      covers(before.region, part.region) &&
      alignment(before.trajectory, part.trajectory).deviation < moved;
    if (!near) this.field = new HeightField(part);
    const { pathLosses, trajectory } = part;
    if (pathLosses && trajectory) {
      this.pathLosses = new Map(Array.from(trajectory.step, (step, i) => [step, pathLosses[i]]));
    }
    this.changed();
  }
}

/** How the points that two states of a path share have moved: by how much all together, and by how much beyond that. */
export function alignment(
  before: Trajectory,
  after: Trajectory,
): { a: number; b: number; deviation: number } {
  if (before === after) return { a: 0, b: 0, deviation: 0 };
  const index = new Map(Array.from(before.step, (step, i) => [step, i]));
  const pairs = Array.from(after.step, (step, i) => [index.get(step) ?? -1, i] as const).filter(
    ([i]) => i >= 0,
  );
  if (pairs.length === 0) return { a: 0, b: 0, deviation: Infinity };
  let [a, b] = [0, 0];
  for (const [i, j] of pairs) {
    a += (after.a[j] - before.a[i]) / pairs.length;
    b += (after.b[j] - before.b[i]) / pairs.length;
  }
  let [squares, extent] = [0, 0];
  for (const [i, j] of pairs) {
    squares += (after.a[j] - before.a[i] - a) ** 2 + (after.b[j] - before.b[i] - b) ** 2;
    extent = Math.max(
      extent,
      Math.hypot(after.a[j] - after.a[pairs[0][1]], after.b[j] - after.b[pairs[0][1]]),
    );
  }
  return { a, b, deviation: extent > 0 ? Math.sqrt(squares / pairs.length) / extent : 0 };
}

function covers(outer: Region, inner: Region): boolean {
  const within = (x: [number, number], y: [number, number]): boolean => {
    const tolerance = 0.02 * (x[1] - x[0]);
    return y[0] >= x[0] - tolerance && y[1] <= x[1] + tolerance;
  };
  return within(outer.a, inner.a) && within(outer.b, inner.b);
}

function sameRegion(one: Region, other: Region): boolean {
  return covers(one, other) && covers(other, one);
}
