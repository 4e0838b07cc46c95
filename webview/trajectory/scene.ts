/** A surface in three dimensions, as faces and pieces of a path that are painted from the farthest to the nearest. */
import type { HeightField } from "../surface/heightField";
import type { Levels } from "../surface/levels";

/** From where a surface is looked at; angles in radians. */
export interface Camera {
  /** Around the vertical axis. */
  azimuth: number;
  /** Above the horizon: 0 … π/2. */
  elevation: number;
  zoom: number;
}

export const startingCamera: Camera = { azimuth: -0.6, elevation: 0.62, zoom: 1 };

/** Neither from below nor so steeply that nothing stands up. */
export function turned(camera: Camera, azimuth: number, elevation: number): Camera {
  return {
    ...camera,
    azimuth: camera.azimuth + azimuth,
    elevation: Math.min(1.5, Math.max(0.08, camera.elevation + elevation)),
  };
}

export function zoomedBy(camera: Camera, factor: number): Camera {
  return { ...camera, zoom: Math.min(6, Math.max(0.4, camera.zoom * factor)) };
}

type Point3 = readonly [x: number, y: number, z: number];

/** A point of the picture: pixels, and how far away it is. */
export interface Seen {
  x: number;
  y: number;
  depth: number;
}

/** A face of the surface, or a piece of the path that lies on it. */
export type Piece =
  | { kind: "face"; depth: number; corners: Seen[]; height: number; light: number }
  | { kind: "path"; depth: number; from: Seen; to: Seen };

/** How high the surface is, where its base is 2 wide. */
const tallest = 0.85;

/** By how much the path lies above the surface, so that it is not hidden in it. */
const lift = 0.012;

/** The box that a scene is fitted into. */
export interface Frame {
  left: number;
  top: number;
  width: number;
  height: number;
}

export class Scene {
  private readonly scale: number;
  private readonly cos: number;
  private readonly sin: number;
  private readonly up: number;
  private readonly flat: number;
  /** Half the extent of the base along either side: the longer one is 1. */
  private readonly half: readonly [number, number];

  constructor(
    readonly field: HeightField,
    readonly levels: Levels,
    camera: Camera,
    private readonly frame: Frame,
  ) {
    const { a, b } = field.region;
    const longest = Math.max(a[1] - a[0], b[1] - b[0]);
    this.half = [(a[1] - a[0]) / longest, (b[1] - b[0]) / longest];
    this.cos = Math.cos(camera.azimuth);
    this.sin = Math.sin(camera.azimuth);
    this.up = Math.cos(camera.elevation);
    this.flat = Math.sin(camera.elevation);
    const reach = Math.hypot(...this.half);
    // Nothing is cut off from wherever one looks, but for corners of the base that hardly any direction shows.
    const across = frame.width / (1.9 * reach);
    const upwards = frame.height / (1.7 * reach * this.flat + tallest * this.up + 0.12);
    this.scale = Math.min(across, upwards) * camera.zoom;
  }

  /** 0 at the lowest loss, 1 at the highest; NaN in a gap. */
  heightAt(a: number, b: number): number {
    const value = this.field.valueAt(a, b);
    return Number.isFinite(value) ? this.levels.position(value) : NaN;
  }

  /** Where a place of the plane at a height from 0 to 1 is seen. */
  see(a: number, b: number, height: number): Seen {
    const { region } = this.field;
    const share = ([low, high]: [number, number], at: number): number => (2 * (at - low)) / (high - low) - 1;
    return this.project([
      share(region.a, a) * this.half[0],
      share(region.b, b) * this.half[1],
      height * tallest,
    ]);
  }

  /** The surface from the farthest face to the nearest, with a path on it if there is one. */
  pieces(cells: number, path: { a: ArrayLike<number>; b: ArrayLike<number> } | null): Piece[] {
    const pieces = this.faces(cells);
    if (path) pieces.push(...this.pathOn(path, cells));
    return pieces.sort((one, other) => other.depth - one.depth);
  }

  private faces(cells: number): Piece[] {
    const { region } = this.field;
    const side = cells + 1;
    const heights = new Float64Array(side * side);
    const seen: Seen[] = [];
    // The outermost points are known half a cell inside of the edge.
    const at = ([low, high]: [number, number], i: number): number => low + (i / cells) * (high - low);
    for (let j = 0; j < side; j++) {
      for (let i = 0; i < side; i++) {
        const [a, b] = [at(region.a, i), at(region.b, j)];
        heights[j * side + i] = this.heightAt(a, b);
        seen.push(this.see(a, b, heights[j * side + i]));
      }
    }
    const width = (2 * this.half[0]) / cells;
    const depth = (2 * this.half[1]) / cells;
    const faces: Piece[] = [];
    for (let j = 0; j < cells; j++) {
      for (let i = 0; i < cells; i++) {
        const k = j * side + i;
        const corners = [k, k + 1, k + side + 1, k + side];
        const height = corners.reduce((sum, corner) => sum + heights[corner], 0) / 4;
        if (Number.isNaN(height)) continue;
        const slopeX =
          ((heights[k + 1] - heights[k] + heights[k + side + 1] - heights[k + side]) * tallest) / 2 / width;
        const slopeY =
          ((heights[k + side] - heights[k] + heights[k + side + 1] - heights[k + 1]) * tallest) / 2 / depth;
        const points = corners.map((corner) => seen[corner]);
        faces.push({
          kind: "face",
          // Which of two faces hides the other is a matter of where they stand, and not of how high they are.
          depth: this.see(at(region.a, i + 0.5), at(region.b, j + 0.5), 0).depth,
          corners: points,
          height,
          light: this.light(slopeX, slopeY),
        });
      }
    }
    return faces;
  }

  private *pathOn(path: { a: ArrayLike<number>; b: ArrayLike<number> }, cells: number): Generator<Piece> {
    const { region } = this.field;
    const cell = Math.min(region.a[1] - region.a[0], region.b[1] - region.b[0]) / cells;
    for (let i = 1; i < path.a.length; i++) {
      const [a0, b0, a1, b1] = [path.a[i - 1], path.b[i - 1], path.a[i], path.b[i]];
      const count = Math.min(200, Math.max(1, Math.ceil((2 * Math.hypot(a1 - a0, b1 - b0)) / cell)));
      const place = (k: number): [number, number] => [
        a0 + (k / count) * (a1 - a0),
        b0 + (k / count) * (b1 - b0),
      ];
      for (let k = 0; k < count; k++) {
        const [from, to] = [place(k), place(k + 1)];
        const [low, high] = [this.heightAt(...from), this.heightAt(...to)];
        if (Number.isNaN(low) || Number.isNaN(high)) continue;
        const middle = this.see((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, 0);
        yield {
          kind: "path",
          // In front of the face that it lies on, and of the one before.
          depth: middle.depth - 1.5 / cells,
          from: this.see(...from, low + lift),
          to: this.see(...to, high + lift),
        };
      }
    }
  }

  /** From 0 to 1: as by a lamp above the viewer's left shoulder. */
  private light(slopeX: number, slopeY: number): number {
    const length = Math.hypot(slopeX, slopeY, 1);
    const normal = [
      (-slopeX * this.cos + slopeY * this.sin) / length,
      (-slopeX * this.sin - slopeY * this.cos) / length,
      1 / length,
    ];
    return Math.max(0, -0.45 * normal[0] - 0.35 * normal[1] + 0.82 * normal[2]);
  }

  private project([x, y, z]: Point3): Seen {
    const across = x * this.cos - y * this.sin;
    const away = x * this.sin + y * this.cos;
    const { left, top, width, height } = this.frame;
    const upwards = (z - tallest / 2) * this.up + away * this.flat;
    return {
      x: left + width / 2 + this.scale * across,
      y: top + height / 2 - this.scale * upwards,
      depth: away,
    };
  }
}
