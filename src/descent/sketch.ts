/**
 * A count sketch: many numbers folded into few, so that distances and angles are nearly kept.
 *
 * Each parameter is added to one of the sketch's entries, with a sign; entry and sign come from a hash of its
 * index. The sketch is linear, and the inner product of two sketches is on average that of the vectors, with
 * a relative error of about √(2 / 16384) ≈ 1 %: Charikar, Chen and Farach-Colton, "Finding frequent items in
 * data streams", 2002; Weinberger et al., "Feature hashing for large scale multitask learning", 2009.
 */
import type { FloatArray } from "../engine/engine";
import { mix } from "../engine/random";

/** A power of two, so that an entry is some bits of the hash. Float64 entries, 256 of them: 32 MB. */
export const SKETCH_SIZE = 16384;

/** Writes the sketch of `values` into `into` [SKETCH_SIZE] and returns it. */
export function sketch<Into extends FloatArray>(values: FloatArray, into: Into): Into {
  into.fill(0);
  for (let i = 0; i < values.length; i++) {
    const hash = mix(i + 1);
    const entry = hash & (SKETCH_SIZE - 1);
    into[entry] += hash < 0 ? -values[i] : values[i];
  }
  return into;
}
