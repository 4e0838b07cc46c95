/** The numbers of a chart: as a file for other programs, and as rows for those who do not see the chart. */
import type { Points } from "../series";
import { indexAt } from "../thin";

export interface TableCurve {
  label: string;
  points: Points;
}

/** All kept points as CSV, a row for each step that any curve has; a curve that has no point there has an empty cell. */
export function chartCsv(curves: readonly TableCurve[]): string {
  const rows = [["step", ...curves.map(({ label }) => label)].map(cell).join(",")];
  for (const step of stepsOf(curves)) {
    const cells = curves.map(({ points }) => {
      const at = indexAt(points, step);
      return at >= 0 && points.x[at] === step ? String(points.y[at]) : "";
    });
    rows.push([String(step), ...cells].join(","));
  }
  return `${rows.join("\r\n")}\r\n`;
}

/**
 * At most `most` steps between two, evenly chosen among those that the curves have, with the values there or before:
 * NaN where a curve has none yet.
 */
export function tableRows(
  curves: readonly TableCurve[],
  [from, to]: readonly [number, number],
  most: number,
): { step: number; values: number[] }[] {
  const steps = stepsOf(curves).filter((step) => step >= from && step <= to);
  const count = Math.min(most, steps.length);
  return Array.from({ length: count }, (_, i) => {
    const step = steps[count === 1 ? 0 : Math.round((i * (steps.length - 1)) / (count - 1))];
    const values = curves.map(({ points }) => {
      const at = indexAt(points, step);
      return at < 0 ? NaN : points.y[at];
    });
    return { step, values };
  });
}

/** All steps that any curve has a point at, ascending. */
function stepsOf(curves: readonly TableCurve[]): number[] {
  const steps = new Set<number>();
  for (const { points } of curves) for (const step of points.x) steps.add(step);
  return [...steps].sort((a, b) => a - b);
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
