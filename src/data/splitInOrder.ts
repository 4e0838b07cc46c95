import type { SplitConfig } from "../config/runConfig";
import { DataError } from "./dataError";
import type { Split } from "./split";
import { counted, percent, quoted } from "./wording";

/**
 * Splits rows by their place in an order, as predictions are made of what comes after: the last rows are the test, those before
 * them the validation, and the first are trained on. Rows of equal value stay together: a boundary that falls among them
 * moves to the nearer end of them.
 *
 * @param valueOf the value of a row, never NaN
 * @throws DataError when a part that is asked for would be empty
 */
export function splitInOrder(
  rows: Uint32Array,
  valueOf: (row: number) => number,
  config: Pick<SplitConfig, "validation" | "test">,
  where: { file: string; column: string },
): Split {
  const inOrder = rows.slice().sort((a, b) => valueOf(a) - valueOf(b) || a - b);
  const wanted = (part: "validation" | "test"): number => {
    const count = Math.round(rows.length * config[part]);
    if (config[part] === 0 || count > 0) return count;
    throw new DataError(
      `${where.file} has too few rows (${counted(rows.length, "usable row")}) to set ${percent(config[part])} of them aside for ${part}; add rows, or set "split": { "${part}": 0 }.`,
    );
  };
  const [validation, test] = [wanted("validation"), wanted("test")];
  const boundary = (at: number, end: number, part: string): number => {
    const found = nearestChange(inOrder, valueOf, at, end);
    if (found !== null) return found;
    throw new DataError(
      `Rows with equal values in ${quoted(where.column)} of ${where.file} stay together, which leaves none for ${part}; set another share aside, or order by a column with more different values.`,
    );
  };
  const testStart = test === 0 ? rows.length : boundary(rows.length - test, rows.length, "test");
  const validationStart =
    validation === 0 ? testStart : boundary(testStart - validation, testStart, "validation");
  return {
    training: inOrder.slice(0, validationStart).sort(),
    validation: inOrder.slice(validationStart, testStart).sort(),
    test: inOrder.slice(testStart).sort(),
  };
}

/** The index nearest to `at`, above 0 and below `end`, where another value begins; the earlier one of two. */
function nearestChange(
  inOrder: Uint32Array,
  valueOf: (row: number) => number,
  at: number,
  end: number,
): number | null {
  const begins = (index: number): boolean =>
    index > 0 && index < end && valueOf(inOrder[index - 1]) !== valueOf(inOrder[index]);
  for (let away = 0; away <= inOrder.length; away++) {
    if (begins(at - away)) return at - away;
    if (begins(at + away)) return at + away;
  }
  return null;
}
