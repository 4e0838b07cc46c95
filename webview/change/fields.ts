/** What the form that changes a run asks for, and what of it has been changed. */
import {
  changeFault,
  parseChangeValue,
  type ChangeableKey,
  type SettingChange,
} from "../../src/protocol/changes";
import type { RunDescription } from "../../src/protocol/run";
import { formatCount } from "../format";

export interface FieldText {
  key: ChangeableKey;
  label: string;
  /** The value now, as one would type it. */
  value: string;
  hint: string;
}

export function fieldsOf(description: RunDescription): FieldText[] {
  const { learningRate, schedule, batchSize, momentum, rows } = description;
  const fields: FieldText[] = [
    {
      key: "optimizer.learningRate",
      label: "Learning rate η",
      value: String(learningRate),
      hint: schedule
        ? `The ${schedule} schedule goes on with all its rates scaled alike.`
        : "The same for every step from then on.",
    },
    {
      key: "batchSize",
      label: "Batch size",
      value: batchSize >= rows.training ? "full" : String(batchSize),
      hint: `Rows of a step, or “full” for all ${formatCount(rows.training)}; the rest of the epoch is cut anew.`,
    },
  ];
  if (momentum !== undefined) {
    fields.push({
      key: "optimizer.momentum",
      label: "Momentum μ",
      value: String(momentum),
      hint: "At least 0 and less than 1; what has gathered so far stays.",
    });
  }
  return fields;
}

export interface Reading {
  changes: SettingChange[];
  /** A sentence for each field that cannot be so. */
  faults: Map<ChangeableKey, string>;
}

/** @param typed the text of each field; what is as it was is no change */
export function readFields(fields: readonly FieldText[], typed: (key: ChangeableKey) => string): Reading {
  const momentum = fields.some(({ key }) => key === "optimizer.momentum");
  const reading: Reading = { changes: [], faults: new Map() };
  for (const { key, value: before } of fields) {
    const value = parseChangeValue(key, typed(key));
    if (value === parseChangeValue(key, before)) continue;
    const fault = changeFault({ key, value }, momentum);
    if (fault !== null) reading.faults.set(key, fault);
    else reading.changes.push({ key, value });
  }
  return reading;
}
