/**
 * Whether integers count up by one with the rows, as row numbers do; of fewer than three nobody can tell.
 *
 * @param rows ascending; every row where not given
 */
export function countsUp(values: Float64Array, rows?: Uint32Array): boolean {
  const count = rows?.length ?? values.length;
  const rowAt = (at: number): number => (rows === undefined ? at : rows[at]);
  if (count < 3 || !Number.isInteger(values[rowAt(0)])) return false;
  for (let at = 1; at < count; at++) {
    const [row, before] = [rowAt(at), rowAt(at - 1)];
    if (values[row] - values[before] !== row - before) return false;
  }
  return true;
}
