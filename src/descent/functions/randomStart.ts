import { randomStream } from "../../engine/random";
import type { DifferentiableFunction } from "./differentiable";
import { startFault } from "./descent";

/** Where a variable lies that has no domain of its own. */
export const DEFAULT_DOMAIN: readonly [number, number] = [-2, 2];

/** So many points are tried before it is said that the function has no value in its domain. */
const TRIES = 1000;

/**
 * A point of the domain, each as likely as another, where a descent can begin; null where none is found.
 *
 * @param domain one interval a variable
 */
export function randomStart(
  f: DifferentiableFunction,
  domain: readonly (readonly [number, number])[],
  seed: number,
): Float64Array | null {
  const random = randomStream(seed, "weights");
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const point = Float64Array.from(domain, ([low, high]) => low + (high - low) * random.next());
    if (startFault(f, point) === null) return point;
  }
  return null;
}
