/** Columns of another file whose cells could mean two things, read as the file of the training rows was. */
import type { Preparation } from "./preparation";
import type { Column, Table, WritingStyle } from "./table";
import { quoted } from "./wording";

const described: Record<WritingStyle, string> = {
  decimalPoint: "a point as the decimal point",
  decimalComma: "a comma as the decimal point",
  dayFirst: "the day first",
  monthFirst: "the month first",
};

/**
 * The table with every doubtful column read in the style that the column of its name had before; columns that
 * prove their own style stay as they are.
 *
 * @param styleOf the style of a column, undefined where none is known
 * @param notes takes a sentence for each column that was read anew
 */
export function readAlike(
  table: Table,
  styleOf: (column: string) => WritingStyle | undefined,
  notes: string[],
): Table {
  const reread = (column: Column): Column => {
    if ((column.kind !== "number" && column.kind !== "date") || !column.written) return column;
    const { style, example, otherwise } = column.written;
    const wanted = styleOf(column.name);
    if (wanted === undefined || wanted === style || otherwise === null) return column;
    if (isOrder(wanted) !== isOrder(style)) return column;
    notes.push(
      `Values like ${quoted(example)} in column ${quoted(column.name)} of ${table.file} were read with ${described[wanted]} after all, as in the file of the training rows.`,
    );
    return {
      ...column,
      values: otherwise,
      written: { style: wanted, example, otherwise: column.values },
    };
  };
  const columns = table.columns.map(reread);
  return columns.every((column, index) => column === table.columns[index]) ? table : { ...table, columns };
}

function isOrder(style: WritingStyle): boolean {
  return style === "dayFirst" || style === "monthFirst";
}

/** The styles that a fitted preparation remembers. */
export function stylesOf({ features }: Preparation): (column: string) => WritingStyle | undefined {
  const styles = new Map(
    features.flatMap((feature) =>
      (feature.kind === "number" || feature.kind === "date") && feature.written
        ? [[feature.column, feature.written] as const]
        : [],
    ),
  );
  return (column) => styles.get(column);
}
