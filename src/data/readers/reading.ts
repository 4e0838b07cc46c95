/** The ways in which a whole column of texts can be read: as numbers in a style of its own, or as dates. */
import type { WritingStyle } from "../table";
import { dateStyleOf, parseDate, type DateStyle } from "./dates";
import { numberStyleOf, type NumberStyle } from "./numberStyle";
import type { ColumnRemark } from "./remarks";

export interface Reading {
  readonly kind: "number" | "date";
  /** What the cells mean depends on it; null where it does not. */
  readonly style: WritingStyle | null;
  /** The same cells in the other style, as long as nothing proves this one. */
  readonly other: Reading | null;
  /** NaN where a cell is not written in this way. */
  parse(cell: string): number;
  /** What is worth telling of it. */
  readonly remark: (example: string) => ColumnRemark | null;
  /** The same when the cells have proved it. */
  readonly provenRemark: (example: string) => ColumnRemark | null;
}

/**
 * The one way in which all of these texts can be read, or null.
 *
 * @param decimalComma a comma may be the decimal point, so that a point may separate thousands
 */
export function readingOf(texts: readonly string[], decimalComma: boolean): Reading | null {
  if (texts.length === 0) return null;
  const style = numberStyleOf(texts, decimalComma);
  if (style !== null) return numberReading(style);
  const dates = dateStyleOf(texts);
  if (dates === null) return null;
  const ordered = texts.some(
    (text) => parseDate(text, { dayFirst: true }) !== parseDate(text, { dayFirst: false }),
  );
  return dateReading(dates, ordered);
}

/** The reading when its own style, and not the other, has been proved. */
export function proven(reading: Reading): Reading {
  return { ...reading, other: null, remark: reading.provenRemark };
}

function numberReading(style: NumberStyle, withOther = true): Reading {
  const remark = (example: string): ColumnRemark => ({ kind: "style", example, value: style.parse(example) });
  const provenRemark = style.plain ? () => null : remark;
  return {
    kind: "number",
    style: style.point === null ? null : style.point === "." ? "decimalPoint" : "decimalComma",
    other: withOther && style.other !== null ? numberReading(style.other, false) : null,
    parse: (cell) => style.parse(cell),
    remark: style.other === null ? provenRemark : remark,
    provenRemark,
  };
}

/** @param ordered some dates are written with numbers for both day and month */
function dateReading({ dayFirst, guessed }: DateStyle, ordered: boolean, withOther = true): Reading {
  return {
    kind: "date",
    style: !ordered ? null : dayFirst ? "dayFirst" : "monthFirst",
    other:
      withOther && guessed && ordered ? dateReading({ dayFirst: !dayFirst, guessed }, ordered, false) : null,
    parse: (cell) => parseDate(cell, { dayFirst }),
    remark: (example) => (guessed ? { kind: "dates", example, first: dayFirst ? "day" : "month" } : null),
    provenRemark: () => null,
  };
}
