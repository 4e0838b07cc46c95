/** Where settings were changed on the way, as charts mark it. */
import type { ChangeableKey, RunChange } from "../../src/protocol/changes";
import { formatCount, formatTick } from "../format";
import type { Marker } from "../charts/curveCard";

const letters: Record<ChangeableKey, string> = {
  "optimizer.learningRate": "η",
  "optimizer.momentum": "μ",
  batchSize: "batch",
};

/** One for each step at which something was changed: "η 0.003, batch 64". Of a setting changed twice there, the last value. */
export function changeMarkers(changes: readonly RunChange[]): Marker[] {
  const steps = new Map<number, Map<string, string>>();
  for (const { step, key, value } of changes) {
    // A later version may change other settings.
    const name = letters[key] as string | undefined;
    if (name === undefined) continue;
    const text = value === "full" ? value : key === "batchSize" ? formatCount(value) : formatTick(value);
    const there = steps.get(step) ?? new Map<string, string>();
    steps.set(step, there.set(name, `${name} ${text}`));
  }
  return [...steps].map(([step, texts]) => ({ step, label: [...texts.values()].join(", ") }));
}
