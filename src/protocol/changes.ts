/** Settings of a run that are changed while it goes. */

export type ChangeableKey = "optimizer.learningRate" | "optimizer.momentum" | "batchSize";

export interface SettingChange {
  /** The key of the run config. */
  key: ChangeableKey;
  /** "full" of the batch size only. */
  value: number | "full";
}

export interface RunChange extends SettingChange {
  /** The last step before it. */
  step: number;
}

/** What can be changed, in words. */
export const changeableNames: Readonly<Record<ChangeableKey, string>> = {
  "optimizer.learningRate": "learning rate",
  "optimizer.momentum": "momentum",
  batchSize: "batch size",
};

/**
 * Why a setting cannot have a value, as a sentence; null when it can. Asked wherever one is typed in, and before it is used.
 *
 * @param momentum whether the optimiser has one
 */
export function changeFault({ key, value }: SettingChange, momentum: boolean): string | null {
  switch (key) {
    case "batchSize":
      return value === "full" || (Number.isInteger(value) && value >= 1)
        ? null
        : 'The batch size must be a whole number of rows, 1 or more, or "full".';
    case "optimizer.learningRate":
      return value !== "full" && value > 0 && Number.isFinite(value)
        ? null
        : "The learning rate must be a number above 0.";
    case "optimizer.momentum":
      if (!momentum) return "The optimizer of this run has no momentum.";
      return value !== "full" && value >= 0 && value < 1
        ? null
        : "The momentum must be at least 0 and less than 1.";
  }
}

/** A value as it is typed in; NaN, which no setting can have, where it is none. */
export function parseChangeValue(key: ChangeableKey, text: string): number | "full" {
  const trimmed = text.trim();
  if (key === "batchSize" && /^"?full"?$/i.test(trimmed)) return "full";
  return trimmed === "" ? NaN : Number(trimmed);
}
