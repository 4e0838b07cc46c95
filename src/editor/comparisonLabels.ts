import type { PartOfComparison } from "../protocol/comparison";
import { shortKey, type Settings } from "../run/settings";

/** A run as far as its label in a comparison goes. */
export interface LabelledEntry {
  name: string;
  title?: string;
  settings?: Settings;
  comparison?: Pick<PartOfComparison, "id" | "name"> | undefined;
}

/** So many differing settings fit into a legend; the table has them all. */
const settingsShown = 3;

/**
 * What tells compared runs apart, and nothing else: the names their user gave them, the settings that differ, the
 * configs' names where there are several. Runs of which that says the same are numbered, oldest first.
 */
export function comparisonLabels(runs: readonly LabelledEntry[], keys: readonly string[]): string[] {
  const [{ comparison: first }] = runs;
  // What one run config compares has names already.
  const together = first && runs.every(({ comparison }) => comparison?.id === first.id);
  const severalConfigs = new Set(runs.map(({ name }) => name)).size > 1;
  const labels = runs.map(({ name, title, settings, comparison }) => {
    if (title !== undefined) return title;
    if (together && comparison) return comparison.name;
    const values = keys.map((key) => `${shortKey(key)} ${settings?.[key] ?? "default"}`);
    const shown = values.slice(0, settingsShown);
    if (values.length > shown.length) shown.push("…");
    if (severalConfigs) shown.unshift(name);
    return shown.length > 0 ? shown.join(", ") : name;
  });
  const seen = new Map<string, number>();
  return labels.map((label) => {
    const before = seen.get(label) ?? 0;
    seen.set(label, before + 1);
    return before === 0 && labels.filter((other) => other === label).length === 1
      ? label
      : `${label} (${before + 1})`;
  });
}
