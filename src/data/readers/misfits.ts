import type { TextEvidence } from "../table";
import { dateStyleOf } from "./dates";
import { numberStyleOf } from "./numberStyle";
import { readingOf, type Reading } from "./reading";

/**
 * The cells in the way where most are dates, or numbers in a style of their own.
 *
 * @param codes of every row, −1 where it has no value
 * @returns null where most are neither
 */
export function misfits(
  labels: readonly string[],
  codes: Int32Array,
  decimalComma: boolean,
): TextEvidence | null {
  const numbers = labels.filter((label) => numberStyleOf([label], decimalComma) !== null);
  const dates = labels.filter((label) => dateStyleOf([label]) !== null);
  return (
    notReadBy(readingOf(numbers, decimalComma), labels, codes) ??
    notReadBy(readingOf(dates, decimalComma), labels, codes)
  );
}

function notReadBy(
  reading: Reading | null,
  labels: readonly string[],
  codes: Int32Array,
): TextEvidence | null {
  if (reading === null) return null;
  const fits = labels.map((label) => !Number.isNaN(reading.parse(label)));
  let [fitting, cells, firstRow] = [0, 0, -1];
  codes.forEach((code, row) => {
    if (code < 0) return;
    if (fits[code]) fitting++;
    else {
      cells++;
      if (firstRow < 0) firstRow = row;
    }
  });
  if (fitting <= cells || firstRow < 0) return null;
  const firstValue = labels[codes[firstRow]];
  const most = reading.kind === "date" ? ({ most: "date" } as const) : {};
  return { cells, numbers: fitting, firstRow, firstValue, ...most };
}
