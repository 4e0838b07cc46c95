/** Columns that look as if they were meant to hold numbers, and the sentences about what is in the way. */
import { placeOf, type Table, type TextEvidence } from "./table";
import { counted, digits, quoted } from "./wording";

/** "1,000", "1_000", "0x1F", "$5", "12 %": people read these as numbers. */
const likeNumber = /^[-+]?[$€£]?\s?(?:0x[\da-f]+|\d[\d,_'’\s]*(?:\.\d+)?)\s?%?$/i;

/** Whether a column is text by accident: most of its values are numbers, or the first that is none is written like one. */
export function meantAsNumbers({ cells, numbers, firstValue }: TextEvidence): boolean {
  return numbers > cells || likeNumber.test(firstValue);
}

/** '"1,000" in line 5 is not a number', '"low" in line 3 and 2 other values are not numbers'. */
export function notNumbers(
  { cells, firstRow, firstValue, most, leadingZeros }: TextEvidence,
  table: Table,
): string {
  const first = `${quoted(firstValue)} in ${placeOf(table, firstRow)}`;
  if (leadingZeros) return `${first} begins with a zero, as codes do`;
  return cells > 1
    ? `${first} and ${counted(cells - 1, "other value")} are not ${most ?? "number"}s`
    : `${first} is not a ${most ?? "number"}`;
}

/** What correcting them makes of the column: "numbers" or "dates". */
export function meant({ most }: TextEvidence): string {
  return `${most ?? "number"}s`;
}

/** What makes it numbers or dates: "correct or empty it". */
export function remedy({ cells, leadingZeros }: TextEvidence): string {
  if (leadingZeros) return "write its values without leading zeros";
  return `correct or empty ${cells > 1 ? "them" : "it"}`;
}

/** "All but 1 of 500 values are numbers: line 37 has "abc"", or null where most are something else. */
export function almostNumbers(text: TextEvidence, table: Table): string | null {
  const { cells, numbers, firstRow, firstValue, most, leadingZeros } = text;
  if (leadingZeros || cells < 1 || numbers <= cells) return null;
  const others = cells > 1 ? ` and ${counted(cells - 1, "other value")} are none` : "";
  const all = digits(cells + numbers);
  return `All but ${digits(cells)} of ${all} values are ${most ?? "number"}s: ${quoted(firstValue)} in ${placeOf(table, firstRow)}${others || " is none"}`;
}
