/** What a decrease ratio says of a step. */

export type BandName = "rising" | "overshooting" | "good" | "timid";

export interface RatioBand {
  name: BandName;
  label: string;
  from: number;
  to: number;
  /** What it means for the step, as a sentence without its end. */
  meaning: string;
}

/** Along a plain step a parabola falls by 1 − t/2 of what its slope promises, t being the step over the one to the lowest point. */
export const ratioBands: readonly RatioBand[] = [
  {
    name: "timid",
    label: "timid",
    from: 0.9,
    to: Infinity,
    meaning: "the loss falls as the gradients predict, so that a larger step would do more",
  },
  {
    name: "good",
    label: "good",
    from: 0.5,
    to: 0.9,
    meaning: "steps use the slope well and stop before the lowest point in their direction",
  },
  {
    name: "overshooting",
    label: "overshooting",
    from: 0,
    to: 0.5,
    meaning: "steps go past the lowest point in their direction, and still end lower",
  },
  {
    name: "rising",
    label: "rising",
    from: -Infinity,
    to: 0,
    meaning: "the loss of the step’s own batch rises, so that the step is too large",
  },
];

export function bandOf(ratio: number): RatioBand {
  return ratioBands.find(({ from }) => ratio >= from) ?? ratioBands[ratioBands.length - 1];
}

/** Of so many of the latest probes one says how steps are. */
const LATEST = 20;

/**
 * One sentence: in which band the latest probes lie.
 *
 * @param ratios oldest first
 */
export function verdict(ratios: ArrayLike<number>): string {
  const latest = Array.from(ratios).slice(-LATEST);
  if (latest.length === 0) return "No step has been looked at yet.";
  const counts = new Map<BandName, number>();
  for (const ratio of latest) {
    const { name } = bandOf(ratio);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const [name, count] = [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most));
  const { label, meaning } = ratioBands.find((band) => band.name === name) ?? ratioBands[0];
  const how = latest.length === 1 ? "The latest probe" : `${count} of the latest ${latest.length} probes`;
  return `${how}: ${label}. ${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`;
}
