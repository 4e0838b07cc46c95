/** What the page calls things. */
import type { DataDescription, DescribedColumn, DescribedType } from "../../src/protocol/describe";
import { bytesText } from "../../src/text/bytesText";
import { dateText } from "../../src/text/dateText";
import { formatCount, formatNumber, NONE } from "../format";
import type { IconName } from "../icons";

const types: Record<DescribedType, { word: string; icon: IconName }> = {
  number: { word: "Number", icon: "number" },
  category: { word: "Category", icon: "category" },
  boolean: { word: "Boolean", icon: "boolean" },
  date: { word: "Date", icon: "date" },
  vector: { word: "Vector", icon: "vector" },
  text: { word: "Text", icon: "text" },
  empty: { word: "Empty", icon: "empty" },
};

export function typeWord(type: DescribedType): string {
  return types[type].word;
}

export function typeIcon(type: DescribedType): IconName {
  return types[type].icon;
}

export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : nouns}`;
}

/** "150 rows × 5 columns · 3.9 kB". */
export function sizeText({ rows, columns, bytes, complete }: DataDescription): string {
  const read = complete ? plural(rows, "row") : `first ${plural(rows, "row")}`;
  return `${read} × ${plural(columns.length, "column")} · ${bytesText(bytes)}`;
}

/** Four significant digits without zeros at the end: 80, not 80.00. */
export function shortNumber(value: number | undefined): string {
  const text = formatNumber(value);
  return /\.\d+$/.test(text) ? text.replace(/\.?0+$/, "") : text;
}

/** A value of a column: a number, or of a date column a day with the time where there is one. */
export function valueText(column: DescribedColumn, value: number | undefined): string {
  if (value === undefined) return NONE;
  if (column.type !== "date") return shortNumber(value);
  const span = column.numbers ? column.numbers.max - column.numbers.min : 0;
  return dateText(value, span > 14 ? "day" : "minute");
}

/** "4.5 to 5", or of a bin around one integer "7". */
export function binText(column: DescribedColumn, bin: number): string {
  const edges = column.histogram?.edges ?? [];
  const [from, to] = [edges[bin], edges[bin + 1]];
  if (column.numbers?.integers && to - from === 1 && !Number.isInteger(from))
    return valueText(column, from + 0.5);
  const whole = Number.isInteger(from) && Number.isInteger(to);
  const lastBin = bin === edges.length - 2;
  // Where there is nothing between one whole number and the next, a bin ends with the last that it holds.
  if (whole && (column.type === "date" || (column.numbers?.integers && !lastBin)))
    return to - from === 1
      ? valueText(column, from)
      : `${valueText(column, from)} to ${valueText(column, to - 1)}`;
  return `${valueText(column, from)} to ${valueText(column, to)}`;
}

/** What a column has, as label and value, the most telling first. */
export function facts(column: DescribedColumn): [label: string, value: string][] {
  const { type, numbers, distinct, distinctAtLeast, length } = column;
  const different: [string, string] = ["Distinct", formatCount(distinct) + (distinctAtLeast ? "+" : "")];
  const value = (number: number | undefined): string => valueText(column, number);
  switch (type) {
    case "number":
      return [
        ["Mean", value(numbers?.mean)],
        ["Median", value(numbers?.median)],
        ["Std dev", value(numbers?.deviation)],
        different,
      ];
    case "date":
      return [["Median", value(numbers?.median)], different];
    case "vector":
      return [
        ["Length", formatCount(length ?? 0)],
        ["Mean", value(numbers?.mean)],
        ["Std dev", value(numbers?.deviation)],
      ];
    case "category":
    case "boolean":
    case "text":
      return [different];
    case "empty":
      return [];
  }
}
