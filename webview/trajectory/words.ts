/** What the card of the trajectory says in words. */
import type { Trajectory } from "../../src/protocol/run";
import type { SlicePart, SurfacePart } from "../../src/protocol/surface";
import { formatCount, formatNumber, formatPercent } from "../format";

/** @param ground the loss on the plane right under the point, on the rows of the surface; NaN where there is none */
export function describePoint(trajectory: Trajectory, index: number, ground = NaN, own = NaN): string {
  const { step, loss, offPlane } = trajectory;
  const parts = [
    `Step ${step[index]}`,
    `loss ${formatNumber(Number.isFinite(own) ? own : loss[index])}`,
    ...(Number.isFinite(ground) ? [`on the plane ${formatNumber(ground)}`] : []),
    `off plane ${formatNumber(offPlane[index], 3)}`,
  ];
  return parts.join(" · ");
}

/**
 * What the plane shows, and how much that is worth: of the variance of a random walk in many dimensions, too, the first two directions
 * explain 61 % and 15 % (Antognini and Sohl-Dickstein, 2018).
 */
export function describePlane(trajectory: Trajectory, surface: SurfacePart | null): string {
  const { explained, offPlane, sketched } = trajectory;
  const share = explained[0] + explained[1];
  const most = offPlane.reduce((largest, value) => (value > largest ? value : largest), 0);
  const parts = [
    `Shows ${formatPercent(Math.min(1, share))} of the path's variance; of a random walk it would be 61\u00a0% + 15\u00a0%.`,
    `Off the plane: ${formatNumber(offPlane.at(-1), 3)} now, ${formatNumber(most, 3)} at most.`,
  ];
  if (surface) parts.push(describeRows(surface));
  if (sketched) parts.push("Distances are estimates: the network is large.");
  return parts.join(" ");
}

export function describeRandom(seed: number, surface: SurfacePart | null): string {
  const what = `Two random directions (seed ${seed}) from step ${surface?.step ?? "–"}, filter-normalised: one unit moves the weights into every unit by their own length.`;
  return surface ? `${what} ${describeRows(surface)}` : what;
}

export function describeSlicePlane(slice: SlicePart | null): string {
  const what = "The straight line from this run (α = 0) to the other (α = 1), and half as far beyond either.";
  if (!slice) return what;
  const lines = slice.validation ? "Solid: training loss; dashed: validation loss." : "The training loss.";
  return `${what} ${lines} Training: ${formatCount(slice.rows)} rows.`;
}

function describeRows({ rows, allRows, losses }: SurfacePart): string {
  const all = rows === allRows ? "all " : "";
  const of = rows === allRows ? "" : ` of ${formatCount(allRows)}`;
  const gaps = losses.some((loss) => !Number.isFinite(loss)) ? " Hatched: no finite loss there." : "";
  return `Surface: mean loss of ${all}${formatCount(rows)}${of} training rows.${gaps}`;
}

export function describePath(trajectory: Trajectory): string {
  const { step, loss } = trajectory;
  return `Path from step ${step[0]}, loss ${formatNumber(loss[0])}, to step ${step.at(-1)}, loss ${formatNumber(loss.at(-1))}.`;
}
