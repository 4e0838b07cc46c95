import type { SplitConfig } from "../config/runConfig";
import { requiredColumn } from "./features";
import { groupRows } from "./rowGroups";
import { splitRows, type ClassOf, type Split } from "./split";
import { splitGroups } from "./splitGroups";
import type { Table } from "./table";
import { counted, percent, quoted } from "./wording";

/**
 * Sets rows apart as the run config asks: at random, or by whole groups.
 *
 * @param classOf the classes of a stratified split, else null
 * @param random uniform in [0, 1)
 * @throws DataError when a part that is asked for would be empty, or the column to split by is missing or unfit
 */
export function partition(
  table: Table,
  rows: Uint32Array,
  config: Pick<SplitConfig, "validation" | "test" | "groupBy">,
  classOf: ClassOf | null,
  random: () => number,
  notes: string[],
): Split {
  const { groupBy } = config;
  const { file } = table;
  if (groupBy === undefined) return splitRows(rows, config, classOf, random, file);
  const column = requiredColumn(table, groupBy, "group");
  if (config.validation === 0 && config.test === 0) {
    notes.push(`"groupBy" keeps nothing together, as no rows of ${file} are set aside.`);
    return splitRows(rows, config, null, random, file);
  }
  const groups = groupRows(column, rows, table);
  const split = splitGroups(rows, groups, config, classOf, random, { file, column: groupBy });
  const aside = (["validation", "test"] as const)
    .filter((part) => config[part] > 0)
    .map((part) => `${part} has ${percent(split[part].length / rows.length)} of the rows`);
  notes.push(
    `The ${counted(groups.count, "group")} of ${quoted(groupBy)} stay whole, so that ${aside.join(" and ")}.`,
  );
  if (groups.alone > 0) {
    const [has, is] = groups.alone === 1 ? ["has", "is"] : ["have", "are each"];
    notes.push(
      `${counted(groups.alone, "row")} of ${file} ${has} no value in ${quoted(groupBy)} and ${is} a group of ${groups.alone === 1 ? "its" : "their"} own.`,
    );
  }
  return split;
}
