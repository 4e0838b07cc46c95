/** What a picture shows before anybody zooms: the domain, the start, and of the path what does not run away. */
import type { Box } from "../trajectory/fit";
import type { Projection } from "./projection";
import { around, withEqualScales, type View } from "./view";

/** Points this many times farther from the start than half of them are have run away. */
const FAR = 8;

/** A descent that leaves its domain may make the picture so many times as wide. */
const GROWTH = 1;

interface Placed {
  a: Float64Array;
  b: Float64Array;
}

/** @param domain of the two variables; null of a map that is no picture of two variables */
export function mapView(
  { a, b }: Placed,
  domain: readonly ([number, number] | null)[] | null,
  box: Box,
): View {
  const near = nearPoints(a, b);
  const one = (along: Float64Array, limits: [number, number] | null): [number, number] => {
    const values = near.map((i) => along[i]);
    if (!limits) return around(values, 0.18);
    const room = (limits[1] - limits[0]) * GROWTH;
    const inReach = values.filter((value) => value > limits[0] - room && value < limits[1] + room);
    const grown = around([...limits, ...inReach, along[0]], 0);
    // Only a side that has grown gets air.
    const air = 0.06 * (grown[1] - grown[0]);
    return [
      grown[0] < limits[0] ? grown[0] - air : grown[0],
      grown[1] > limits[1] ? grown[1] + air : grown[1],
    ];
  };
  return withEqualScales({ a: one(a, domain?.[0] ?? null), b: one(b, domain?.[1] ?? null) }, box);
}

/** A curve is as high as the path on it needs, and as the middle of its domain does. */
export function curveView(projection: Projection, { a, b }: Placed, domain: [number, number] | null): View {
  const near = nearPoints(a, new Float64Array(a.length));
  const values = near.map((i) => a[i]);
  const across = domain
    ? around(
        [
          ...domain,
          a[0],
          ...values.filter((value) => value > 2 * domain[0] - domain[1] && value < 2 * domain[1] - domain[0]),
        ],
        0,
      )
    : around(values, 0.5);
  const heights: number[] = [];
  for (let i = 0; i <= 200; i++)
    heights.push(projection.valueAt(across[0] + (i / 200) * (across[1] - across[0]), 0));
  const finite = heights.filter(Number.isFinite).sort((x, y) => x - y);
  // The ends may rise far above all that matters.
  const high = finite.length > 0 ? finite[Math.floor(0.92 * (finite.length - 1))] : 1;
  return { a: across, b: around([finite[0] ?? 0, high, ...near.map((i) => b[i])], 0.06) };
}

function nearPoints(a: Float64Array, b: Float64Array): number[] {
  const distances = Array.from(a, (value, i) => Math.hypot(value - a[0], b[i] - b[0]));
  const finite = distances.filter(Number.isFinite).sort((x, y) => x - y);
  const reach = FAR * Math.max(finite[Math.floor(finite.length / 2)] ?? 0, 1e-12);
  return distances.flatMap((distance, i) => (distance <= reach ? [i] : []));
}
