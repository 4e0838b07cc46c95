import type { Points } from "../series";

/** The greatest finite value of all; −Infinity where there is none. */
export function highest(columns: readonly Float64Array[]): number {
  let most = -Infinity;
  for (const values of columns)
    for (const value of values) if (value > most && value < Infinity) most = value;
  return most;
}

/**
 * A line without what lies above a limit, so that a run that diverged does not press the others flat; where it leaves the
 * picture its point stands on the limit.
 */
export function cutAbove({ x, y }: Points, limit: number): Points {
  if (!Number.isFinite(limit) || limit <= 0) return { x, y };
  const isOut = (value: number | undefined): boolean => value !== undefined && !(value <= limit);
  const cut = y.map((value, i) => {
    if (!isOut(value)) return value;
    const leaves = i > 0 && !isOut(y[i - 1]);
    const comesBack = i + 1 < y.length && !isOut(y[i + 1]);
    return leaves || comesBack ? limit : NaN;
  });
  return { x, y: cut };
}
