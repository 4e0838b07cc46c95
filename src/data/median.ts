/**
 * The median of numbers without NaN, in linear time on average (Hoare's selection). Puts `values` into another order.
 *
 * @returns NaN where there are none; of an even number the mean of the two in the middle
 */
export function medianInPlace(values: Float64Array): number {
  const { length } = values;
  if (length === 0) return NaN;
  const upper = select(values, length >> 1);
  if (length % 2 === 1) return upper;
  // Everything before the selected place is at most as large.
  let lower = -Infinity;
  for (let at = 0; at < length >> 1; at++) if (values[at] > lower) lower = values[at];
  return lower + (upper - lower) / 2;
}

/** Moves the value that sorting would put at `place` there, smaller ones before it and larger ones behind. */
function select(values: Float64Array, place: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = medianOfThree(values[low], values[(low + high) >> 1], values[high]);
    let left = low;
    let right = high;
    while (left <= right) {
      while (values[left] < pivot) left++;
      while (values[right] > pivot) right--;
      if (left > right) break;
      const swapped = values[left];
      values[left++] = values[right];
      values[right--] = swapped;
    }
    if (place <= right) high = right;
    else if (place >= left) low = left;
    else break;
  }
  return values[place];
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
