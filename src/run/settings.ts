/** The settings of a run, flat, so that runs can be told apart by what differs. */

/** A setting's dotted key and its value as a person would write it: "optimizer.learningRate" → "0.01". */
export type Settings = Readonly<Record<string, string>>;

/** Flattens a resolved run config. Lists stay one value: `network.hidden` → "16, 8 tanh". */
export function flattenSettings(config: object): Settings {
  const flat: Record<string, string> = {};
  flatten("", config, flat);
  return flat;
}

function flatten(prefix: string, value: unknown, flat: Record<string, string>): void {
  if (value === undefined) return;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    flat[prefix] = valueText(value);
    return;
  }
  for (const [key, inner] of Object.entries(value))
    flatten(prefix === "" ? key : `${prefix}.${key}`, inner, flat);
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(valueText).join(", ");
  if (typeof value !== "object" || value === null) return String(value);
  return Object.values(value).map(valueText).join(" ");
}

/** One setting that two runs have different values of; null where a run has no such setting. */
export interface Difference {
  key: string;
  before: string | null;
  after: string | null;
}

/** What differs between two runs, in the order of the later one's keys. */
export function differences(before: Settings, after: Settings): Difference[] {
  const keys = new Set([...Object.keys(after), ...Object.keys(before)]);
  return [...keys]
    .map((key) => ({ key, before: before[key] ?? null, after: after[key] ?? null }))
    .filter((difference) => difference.before !== difference.after);
}

/** The keys whose values are not the same in all runs, in the order in which they are met. */
export function varyingKeys(runs: readonly Settings[]): string[] {
  const keys = new Set(runs.flatMap((settings) => Object.keys(settings)));
  return [...keys].filter((key) => new Set(runs.map((settings) => settings[key])).size > 1);
}

/** "optimizer.learningRate" → "learningRate", the part that a person knows a setting by. */
export function shortKey(key: string): string {
  const parts = key.split(".");
  const last = parts[parts.length - 1];
  // "type" alone would not tell whose.
  return last === "type" && parts.length > 1 ? parts[parts.length - 2] : last;
}
