import type { Samples } from "../../data/samples";

/**
 * The rows with the inputs [offset, offset + width) dealt out anew among them, together; all else stays.
 *
 * @param random uniform in [0, 1)
 */
export function shuffledFeature(
  samples: Samples,
  offset: number,
  width: number,
  random: () => number,
): Samples {
  const { count, inputs } = samples;
  const row = inputs.length / count;
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  // Fisher and Yates.
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  const shuffled = Float32Array.from(inputs);
  for (let i = 0; i < count; i++) {
    const from = order[i] * row + offset;
    shuffled.set(inputs.subarray(from, from + width), i * row + offset);
  }
  return { ...samples, inputs: shuffled };
}
