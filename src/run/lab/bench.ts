/** What a job of the lab works with: an engine of its own to probe with, the run's rows, and where its parameters stand. */
import type { Samples } from "../../data/samples";
import { planeThrough, type PlaneOfParameters } from "../../descent/parameterPlane";
import { createEngine } from "../../engine/createEngine";
import type { Engine, FloatArray, Network } from "../../engine/engine";
import { parameterCount } from "../../engine/network";
import type { Trajectory } from "../../protocol/run";
import type { LabMaterial, Look } from "./look";

/** A run as the lab sees it, live or kept. */
export interface RunView {
  readonly material: LabMaterial;
  /** Where it stands now. Of a run that has ended, the end. */
  look(path: boolean): Promise<Look>;
}

/** Something that cannot be looked at. The message is one sentence for the user. */
export class LabError extends Error {
  override readonly name = "LabError";
}

export class LabBench {
  readonly material: LabMaterial;
  readonly network: Network;
  private madeEngine: Engine | null = null;
  private plane: { of: Look; plane: PathPlane | null } | null = null;

  constructor(private readonly view: RunView) {
    this.material = view.material;
    this.network = view.material.settings.network;
  }

  /** Probes any parameters on any rows. Its own parameters mean nothing. */
  get engine(): Engine {
    const { settings } = this.material;
    return (this.madeEngine ??= createEngine(settings, new Float32Array(parameterCount(this.network))));
  }

  /** The rows of one part; null where the run has none. */
  rows(part: "training" | "validation" | "test"): Samples | null {
    return this.material[part];
  }

  look(path = false): Promise<Look> {
    return this.view.look(path);
  }

  /** The plane of the path as it is now. @throws LabError where there is none */
  async pathPlane(): Promise<PathPlane> {
    const look = await this.look(true);
    if (this.plane?.of !== look) this.plane = { of: look, plane: planeOf(look) };
    if (this.plane.plane) return this.plane.plane;
    throw new LabError("The plane of this run's path is not known; look along random directions instead.");
  }
}

/** The plane of a path, with the path on it. */
export interface PathPlane extends PlaneOfParameters {
  readonly trajectory: Trajectory;
  /** All parameters at each point, where they are known. */
  readonly points: readonly FloatArray[] | null;
}

function planeOf({ path }: Look): PathPlane | null {
  if (!path || path.trajectory.a.length < 2) return null;
  const { trajectory, points } = path;
  const plane = path.plane ?? (points && planeThrough(points, trajectory.a, trajectory.b));
  return plane && { ...plane, trajectory, points };
}
