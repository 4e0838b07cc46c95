import { positionsOf } from "./columnLabels";
import { DataError } from "./dataError";
import type { Table } from "./table";
import type { Objective } from "./task";
import { counted, formatted, listed, percent, quoted } from "./wording";

/** So many times as many rows of one class as of another are worth a word. */
const unevenRatio = 10;

/**
 * Tells of classes that cannot be learned or are very uneven, and of targets with nothing to learn.
 *
 * @throws DataError when only one class is left to train on
 */
export function noteTargets(
  objective: Objective,
  table: Table,
  training: Uint32Array,
  classWeights: "none" | "balanced",
  notes: string[],
): void {
  if (objective.task === "regression") {
    for (const { name, values } of objective.columns) {
      if (training.some((row) => values[row] !== values[training[0]])) continue;
      notes.push(
        `The target ${quoted(name)} has the same value in every training row, so there is nothing to learn.`,
      );
    }
    return;
  }
  const { classes, column } = objective;
  const positions = positionsOf(column, classes, table);
  const counts = new Array<number>(classes.length).fill(0);
  for (const row of training) counts[positions.at(row)]++;
  const absent = classes.filter((_, index) => counts[index] === 0);
  const present = classes.length - absent.length;
  if (present < 2) {
    throw new DataError(
      `Only one class of the target ${quoted(column.name)} is among the ${counted(training.length, "training row")} of ${table.file}; keep more rows, or a smaller part for validation and test.`,
    );
  }
  if (absent.length > 0) {
    notes.push(
      `No training row has the class${absent.length > 1 ? "es" : ""} ${listed(absent, 5)}, so the network cannot learn ${absent.length > 1 ? "them" : "it"}.`,
    );
  }
  const most = Math.max(...counts);
  const least = Math.min(...counts.filter((count) => count > 0));
  const named = (count: number): string => quoted(classes[counts.indexOf(count)]);
  if (classWeights === "balanced") {
    const weight = (count: number): string => formatted(training.length / (present * count));
    notes.push(
      most === least
        ? `The classes have equally many training rows, so "classWeights" changes nothing.`
        : `The rows of ${named(most)} weigh ${weight(most)} in the loss and those of ${named(least)} ${weight(least)}, so that all classes count the same.`,
    );
  } else if (most >= unevenRatio * least) {
    notes.push(
      `The classes are uneven: ${named(most)} has ${share(most, training)} of the training rows and ${named(least)} ${share(least, training)}; "classWeights": "balanced" makes them count the same.`,
    );
  }
}

function share(count: number, rows: Uint32Array): string {
  return percent(count / rows.length);
}
