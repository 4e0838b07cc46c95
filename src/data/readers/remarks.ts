import { counted, listed, quoted } from "../wording";

/** What is worth telling of how a column was read. */
export type ColumnRemark =
  /** Numbers in a style of their own. */
  | { readonly kind: "style"; readonly example: string; readonly value: number }
  /** Dates that could be read in two ways. */
  | { readonly kind: "dates"; readonly example: string; readonly first: "day" | "month" }
  /** Digits that begin with zeros, read as categories, or as numbers where there are too many different ones. */
  | { readonly kind: "zeros"; readonly example: string; readonly as: "categories" | "numbers" }
  /** A whole number that was rounded; `kept` is null where that can only be guessed. */
  | { readonly kind: "digits"; readonly example: string; readonly kept: string | null };

/** Columns beyond these are counted, so that a wide table does not flood the notes. */
const mostNamed = 3;

interface Remarked {
  readonly name: string;
  readonly remarks: readonly ColumnRemark[];
}

/** How columns were read that could have been read otherwise: a sentence for each column or kind. */
export function remarkNotes(columns: readonly Remarked[]): string[] {
  const all = columns.flatMap(({ name, remarks }) => remarks.map((remark) => ({ name, remark })));
  const notes: string[] = [];
  const styled = all.flatMap(({ name, remark }) => (remark.kind === "style" ? [{ name, ...remark }] : []));
  for (const { name, example, value } of styled.slice(0, mostNamed))
    notes.push(`Numbers like ${quoted(example)} in column ${quoted(name)} were read as ${value} and so on.`);
  if (styled.length > mostNamed) {
    const others = styled.slice(mostNamed);
    const names = listed(
      others.map(({ name }) => name),
      mostNamed,
    );
    const [column, own] =
      others.length > 1 ? ["columns", "styles of their own"] : ["column", "a style of its own"];
    notes.push(
      `Numbers in the ${column} ${names} were read in ${own}, too, such as ${quoted(others[0].example)} as ${others[0].value}.`,
    );
  }
  for (const first of ["day", "month"] as const) {
    const guessed = all.flatMap(({ name, remark }) =>
      remark.kind === "dates" && remark.first === first ? [{ name, ...remark }] : [],
    );
    if (guessed.length === 0) continue;
    const names = guessed.map(({ name }) => name);
    notes.push(
      `Dates like ${quoted(guessed[0].example)} in ${listed(names, mostNamed)} were read with the ${first} first; write them as YYYY-MM-DD if that is wrong.`,
    );
  }
  for (const as of ["categories", "numbers"] as const) {
    const zeros = all.flatMap(({ name, remark }) =>
      remark.kind === "zeros" && remark.as === as ? [{ name, ...remark }] : [],
    );
    if (zeros.length === 0) continue;
    const where = listed(
      zeros.map(({ name }) => name),
      mostNamed,
    );
    const begin = `Values like ${quoted(zeros[0].example)} in ${where} begin with zeros and were read as`;
    notes.push(
      as === "categories"
        ? `${begin} categories, as codes are; write them without the zeros to have numbers.`
        : `${begin} numbers, since too many differ for categories; leave codes out with "ignore".`,
    );
  }
  const rounded = all.flatMap(({ name, remark }) => (remark.kind === "digits" ? [{ name, ...remark }] : []));
  for (const { name, example, kept } of rounded.slice(0, mostNamed)) {
    const fate = kept === null ? "may have lost their last digits" : `were rounded (to ${kept})`;
    notes.push(
      `Whole numbers as long as ${example} in column ${quoted(name)} ${fate}, since float64 holds about 16; leave out identifiers with "ignore".`,
    );
  }
  if (rounded.length > mostNamed)
    notes.push(`So it is with ${counted(rounded.length - mostNamed, "other column")} of long whole numbers.`);
  return notes;
}
