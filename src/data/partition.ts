import type { SplitConfig } from "../config/runConfig";
import { DataError } from "./dataError";
import { dateText } from "../text/dateText";
import { requiredColumn } from "./features";
import { groupRows } from "./rowGroups";
import { splitRows, type ClassOf, type Split } from "./split";
import { splitGroups } from "./splitGroups";
import { splitInOrder } from "./splitInOrder";
import type { Table } from "./table";
import { counted, formatted, percent, quoted } from "./wording";

type Asked = Pick<SplitConfig, "validation" | "test" | "groupBy" | "orderBy">;

const partNames = ["validation", "test"] as const;

/**
 * Sets rows apart as the run config asks: at random, by whole groups, or in an order. Rows that have no place in the order are
 * in no part.
 *
 * @param classOf the classes of a stratified split, else null; an order knows no classes
 * @param random uniform in [0, 1)
 * @throws DataError when a part that is asked for would be empty, or the column to split by is missing or unfit
 */
export function partition(
  table: Table,
  rows: Uint32Array,
  config: Asked,
  classOf: ClassOf | null,
  random: () => number,
  notes: string[],
): Split {
  const { groupBy, orderBy } = config;
  const key = orderBy === undefined ? "groupBy" : "orderBy";
  const name = config[key];
  if (name === undefined) return splitRows(rows, config, classOf, random, table.file);
  requiredColumn(table, name, key);
  if (config.validation === 0 && config.test === 0) {
    notes.push(`"${key}" has nothing to do, as no rows of ${table.file} are set aside.`);
    return splitRows(rows, config, null, random, table.file);
  }
  return groupBy === undefined
    ? inOrder(table, rows, config, name, notes)
    : byGroups(table, rows, config, groupBy, classOf, random, notes);
}

function byGroups(
  table: Table,
  rows: Uint32Array,
  config: Asked,
  groupBy: string,
  classOf: ClassOf | null,
  random: () => number,
  notes: string[],
): Split {
  const { file } = table;
  const groups = groupRows(requiredColumn(table, groupBy, "groupBy"), rows, table);
  const split = splitGroups(rows, groups, config, classOf, random, { file, column: groupBy });
  const aside = partNames
    .filter((part) => config[part] > 0)
    .map((part) => `${part} has ${percent(split[part].length / rows.length)} of the rows`);
  notes.push(
    `The ${counted(groups.count, "group")} of ${quoted(groupBy)} stay whole, so that ${aside.join(" and ")}.`,
  );
  if (groups.alone > 0) {
    const what = groups.alone === 1 ? "has no value in" : "have no value in";
    const are = groups.alone === 1 ? "is a group of its own" : "are each a group of their own";
    notes.push(`${counted(groups.alone, "row")} of ${file} ${what} ${quoted(groupBy)} and ${are}.`);
  }
  return split;
}

function inOrder(table: Table, rows: Uint32Array, config: Asked, orderBy: string, notes: string[]): Split {
  const { file } = table;
  const column = requiredColumn(table, orderBy, "orderBy");
  if (column.kind !== "number" && column.kind !== "date") {
    throw new DataError(
      `Column ${quoted(orderBy)} of ${file} holds neither numbers nor dates, so "orderBy" cannot order the rows by it; name another column.`,
    );
  }
  const { kind, values } = column;
  const placed = rows.filter((row) => !Number.isNaN(values[row]));
  const split = splitInOrder(placed, (row) => values[row], config, { file, column: orderBy });
  const text = (part: Uint32Array, end: "first" | "last"): string => {
    const value = part.reduce(
      (found, row) => (end === "first" ? Math.min(found, values[row]) : Math.max(found, values[row])),
      end === "first" ? Infinity : -Infinity,
    );
    return kind === "date" ? dateText(value) : formatted(value, 6);
  };
  const aside = partNames
    .filter((part) => config[part] > 0)
    .map(
      (part) => `${part} from ${text(split[part], "first")} (${percent(split[part].length / placed.length)})`,
    );
  notes.push(
    `Rows are split in the order of ${quoted(orderBy)}: training up to ${text(split.training, "last")}, ${aside.join(", ")}.`,
  );
  const left = rows.length - placed.length;
  if (left > 0) {
    const was = left === 1 ? "was" : "were";
    notes.push(
      `${counted(left, "row")} of ${file} without a value in ${quoted(orderBy)} ${was} left out, having no place in the order.`,
    );
  }
  return split;
}
