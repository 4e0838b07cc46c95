/** How large the numbers are that a network is fed. */
import type { Samples } from "../data/samples";

export interface InputFacts {
  /** The inputs of the largest and of the smallest root mean square, of those that vary. */
  readonly largest: { readonly name: string; readonly size: number };
  readonly smallest: { readonly name: string; readonly size: number };
}

/** More rows than these tell nothing new. */
const mostRows = 2000;

/** Root mean squares of the encoded inputs, over some of the rows spread evenly; null where no input varies. */
export function inputFactsOf(samples: Samples, names: readonly string[]): InputFacts | null {
  const width = names.length;
  const stride = Math.max(1, Math.ceil(samples.count / mostRows));
  let largest: InputFacts["largest"] | null = null;
  let smallest: InputFacts["largest"] | null = null;
  for (let input = 0; input < width; input++) {
    const size = sizeOf(samples, input, width, stride);
    if (size === null) continue;
    const fact = { name: names[input], size };
    if (!largest || size > largest.size) largest = fact;
    if (!smallest || size < smallest.size) smallest = fact;
  }
  return largest && smallest && { largest, smallest };
}

/** null of an input that is the same in every row. */
function sizeOf({ inputs, count }: Samples, input: number, width: number, stride: number): number | null {
  let squares = 0;
  let rows = 0;
  let varies = false;
  for (let row = 0; row < count; row += stride) {
    const value = inputs[row * width + input];
    squares += value * value;
    rows++;
    varies ||= value !== inputs[input];
  }
  return varies ? Math.sqrt(squares / rows) : null;
}
