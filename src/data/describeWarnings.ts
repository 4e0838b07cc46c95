/** What is odd about columns, said before anybody trains on them. */
import type { ColumnDescription, Warning } from "./description";
import { almostNumbers, meant, remedy } from "./notNumbers";
import { countsUp } from "./rowNumbers";
import type { Column, Table } from "./table";
import { counted, digits, quoted } from "./wording";

/** From here on a column says little about most rows. */
const manyMissing = 0.3;
/** A category with more labels makes more inputs than most networks of this size can use. */
const manyLabels = 100;
/** The most frequent class has so many times the rows of the rarest. */
const imbalance = 10;

/**
 * The warnings of one column.
 *
 * @param duplicates from `duplicateColumns`
 */
export function describeWarnings(
  described: Omit<ColumnDescription, "warnings">,
  column: Column,
  table: Table,
  duplicates: ReadonlyMap<Column, string>,
): Warning[] {
  const { type, missing, distinct, values, numbers } = described;
  const present = table.rowCount - missing;
  if (type === "empty") return [{ label: "Empty", message: "It has no values, so it is left out." }];
  const warnings: Warning[] = [];
  const warn = (label: string, message: string): void => void warnings.push({ label, message });
  if (missing > 0 && missing >= manyMissing * table.rowCount) {
    const share = Math.round((100 * missing) / table.rowCount);
    warn("Many missing", `${counted(missing, "value")} (${share} %) are missing; training fills them in.`);
  }
  const almost =
    "text" in column && type !== "boolean" && type !== "date" ? almostNumbers(column.text, table) : null;
  if (almost !== null && "text" in column) {
    const { text } = column;
    warn(`Almost ${meant(text)}`, `${almost}; ${remedy(text)} to have the column read as ${meant(text)}.`);
  }
  if (type === "text") {
    const force = `name it in "features" to use it anyway`;
    if (column.kind === "text" && column.because !== undefined)
      warn("Left out", `It is left out because ${column.because}.`);
    else if ("text" in column && column.text.leadingZeros)
      warn(
        "Left out",
        `Its values begin with zeros, like codes, and most of them differ, so it is left out; ${remedy(column.text)} to have numbers, or ${force}.`,
      );
    else if (column.kind === "text" || distinct < present)
      warn("Left out", `Most of its values differ, like names, so it is left out; ${force}.`);
    else warn("Left out", `Every value differs, like names or ids, so it is left out; ${force}.`);
  }
  const constant = distinct === 1 || (type === "vector" && numbers !== null && numbers.min === numbers.max);
  if (constant && present > 1) {
    const value = values.at(0)?.label ?? (numbers ? String(numbers.min) : "");
    warn("Constant", `Every value is ${quoted(value)}, which tells nothing; leave it out with "ignore".`);
  }
  if (column.kind === "number" && countsUp(column.values)) {
    warn(
      "Consecutive",
      'It counts on by one from row to row, like a row number; if it is one, leave it out with "ignore".',
    );
  }
  const infinite = "values" in column ? countInfinite(column.values) : 0;
  if (infinite > 0)
    warn(
      "Infinite",
      `${counted(infinite, "value")} ${infinite === 1 ? "is" : "are"} not finite, which training refuses.`,
    );
  const original = duplicates.get(column);
  if (original !== undefined && !constant)
    warn("Duplicate", `It holds the same values as ${quoted(original)}; one of the two is enough.`);
  if (type === "category" && distinct > manyLabels)
    warn("Many labels", `As a feature its ${digits(distinct)} labels become as many inputs.`);
  return warnings;
}

/**
 * That a class is rare, for a column that may well be the target: of features it would be said for every rare flag.
 *
 * @returns null where all classes are common, or not all are known
 */
export function imbalanceOf({ task, values, distinct, type }: ColumnDescription): Warning | null {
  // Of many labels only the most frequent are listed: the rarest is not among them.
  if (task !== "classification" || type === "text" || distinct < 2 || values.length < distinct) return null;
  const [most, least] = [values[0], values[values.length - 1]];
  if (most.count < imbalance * least.count || most.count < 2 * imbalance) return null;
  const message = `${quoted(most.label)} has ${counted(most.count, "row")} and ${quoted(least.label)} only ${digits(least.count)}; as a target, judge by more than accuracy.`;
  return { label: "Unbalanced", message };
}

function countInfinite(values: Float64Array): number {
  let count = 0;
  for (const value of values) if (value === Infinity || value === -Infinity) count++;
  return count;
}
