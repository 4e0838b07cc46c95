import { counted, listed, quoted } from "../wording";
import type { ColumnRemark } from "./columnBuilder";

/** Columns beyond these are counted, so that a wide table does not flood the notes. */
const mostNamed = 3;

interface Remarked {
  readonly name: string;
  readonly remark: ColumnRemark | null;
}

/** How numbers and dates were read that could have been read otherwise: a sentence for each column or kind. */
export function remarkNotes(columns: readonly Remarked[]): string[] {
  const notes: string[] = [];
  const styled = columns.filter(({ remark }) => remark?.kind === "style");
  for (const { name, remark } of styled.slice(0, mostNamed)) {
    if (remark?.kind !== "style") continue;
    const { example, value } = remark;
    notes.push(`Numbers like ${quoted(example)} in column ${quoted(name)} were read as ${value} and so on.`);
  }
  if (styled.length > mostNamed) {
    const others = counted(styled.length - mostNamed, "other column");
    notes.push(`Numbers in ${others} were read in the same way.`);
  }
  for (const first of ["day", "month"] as const) {
    const guessed = columns.filter(({ remark }) => remark?.kind === "dates" && remark.first === first);
    if (guessed.length === 0) continue;
    const names = guessed.map(({ name }) => name);
    const example = guessed[0].remark?.example ?? "";
    notes.push(
      `Dates like ${quoted(example)} in ${listed(names, mostNamed)} were read with the ${first} first; write them as YYYY-MM-DD if that is wrong.`,
    );
  }
  return notes;
}
