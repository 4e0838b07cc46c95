/** Columns of codes with leading zeros, where numbers are asked for after all. */
import type { Column, NumberColumn } from "./table";

/** The numbers that the digits of codes are; null for a column that holds something else. */
export function codesAsNumbers(column: Column): NumberColumn | null {
  if (column.kind !== "category" || !column.text.leadingZeros) return null;
  const { name, missing, codes, labels } = column;
  const numbers = labels.map(Number);
  const values = Float64Array.from(codes, (code) => (code < 0 ? NaN : numbers[code]));
  return { kind: "number", name, missing, values };
}
