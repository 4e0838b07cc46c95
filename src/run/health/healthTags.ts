/** What was measured of a step as scalars of the journal: "layers.0.gradientNorm" → "health/layers.0.gradient_norm". */
import type { HealthColumns } from "../../protocol/health";

/** TensorBoard groups charts by what stands before the slash. */
const group = "health/";

/** Row `row` of the columns. What was not measured is not there; what says nothing keeps the record a probe's. */
export function healthScalars(values: HealthColumns["values"], row: number): [string, number][] {
  const all = Object.entries(values).map(([key, column]): [string, number] => [tagOf(key), column[row]]);
  const told = all.filter(([, value]) => !Number.isNaN(value));
  return told.length > 0 ? told : all.slice(0, 1);
}

/** The quantities of a record, by their keys; null where it is no probe's. */
export function healthOf(scalars: readonly (readonly [string, number])[]): Record<string, number> | null {
  if (scalars.length === 0 || !scalars.every(([tag]) => tag.startsWith(group))) return null;
  return Object.fromEntries(scalars.map(([tag, value]) => [keyOf(tag), value]));
}

function tagOf(key: string): string {
  return group + key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function keyOf(tag: string): string {
  return tag.slice(group.length).replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
