const blocks = "▁▂▃▄▅▆▇█";

/** Counts as blocks of eight heights, at most `width` of them; a bin with nothing in it is blank. */
export function sparkline(counts: readonly number[], width: number): string {
  if (counts.length === 0 || width < 1) return "";
  const bins = merged(counts, width);
  const most = Math.max(...bins);
  return bins
    .map((count) => (count === 0 ? " " : blocks[Math.max(0, Math.ceil((8 * count) / most) - 1)]))
    .join("");
}

/** Neighbouring bins put together, all alike many, until no more than `width` are left. */
function merged(counts: readonly number[], width: number): number[] {
  const together = Math.ceil(counts.length / width);
  const bins: number[] = [];
  for (let at = 0; at < counts.length; at += together)
    bins.push(counts.slice(at, at + together).reduce((sum, count) => sum + count, 0));
  return bins;
}
