import type { ColumnType } from "./table";

/** What the choice goes by. */
interface Candidate {
  readonly name: string;
  readonly type: ColumnType;
}

/** Names that people give to what they want to predict, the surest first. */
const targetNames = [
  "target",
  "label",
  "labels",
  "class",
  "species",
  "y",
  "outcome",
  "diagnosis",
  "price",
  "category",
  "survived",
  "response",
  "output",
  "result",
  "quality",
  "variety",
  "digit",
  "letter",
  "churn",
  "fraud",
  "default",
  "medv",
  "mpg",
  "milespergallon",
];

/**
 * All columns of a data file, the likeliest target first: one that is called so, else the last column, or
 * the first where it alone holds categories. Names, dates, row numbers and empty columns come last.
 */
export function suggestTargets({ columns }: { readonly columns: readonly Candidate[] }): string[] {
  const last = columns.length - 1;
  const categories = columns.filter(isLabelled);
  const rank = (column: Candidate, index: number): number => {
    if (column.type === "vector") return 1e6 + 4;
    if (column.type === "empty") return 1e6 + 3;
    if (column.type === "date" || isDateName(column.name)) return 1e6 + 2;
    if (isId(column)) return 1e6 + 1;
    const named = namedRank(column.name);
    if (column.type === "text") return 1e6;
    if (named !== null) return named;
    if (index === 0 && categories.length === 1 && categories[0] === column) return 1000;
    if (index === last) return 1001;
    // Categories are what people predict most; among equals the later column is likelier.
    return (isLabelled(column) ? 2000 : 4000) - index / columns.length;
  };
  return columns
    .map((column, index) => ({ name: column.name, rank: rank(column, index) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ name }) => name);
}

/** Whole names before parts of names: "class" before "passenger_class" before anything else. */
function namedRank(name: string): number | null {
  const plain = name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  const words = plain.split(/[^a-z0-9]+/).filter((word) => word !== "");
  const whole = targetNames.indexOf(words.join(""));
  if (whole >= 0) return whole;
  const part = targetNames.findIndex((target) => target.length > 4 && words.includes(target));
  return part < 0 ? null : 100 + part;
}

function isLabelled({ type }: Candidate): boolean {
  return type === "category" || type === "boolean";
}

function isId(column: Candidate): boolean {
  const words = column.name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return /^(unnamed.*|index|row( ?(number|names?|num|no))?|no|nr|#|uuid|guid|key)$|(^|[^a-z])(id|uuid|guid)$/.test(
    words,
  );
}

function isDateName(name: string): boolean {
  return /^(date|time|datetime|timestamp)$/i.test(name);
}
