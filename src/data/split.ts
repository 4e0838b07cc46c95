import type { SplitConfig } from "../config/runConfig";
import { DataError } from "./dataError";
import { counted, percent } from "./wording";

/** Which rows serve for what; each list ascends, so that training follows the order of the file. */
export interface Split {
  readonly training: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

/** The classes of a stratified split. */
export interface ClassOf {
  readonly count: number;
  /** The class of a row, from 0. */
  of(row: number): number;
  /** Whether the classes are numbers. */
  readonly numeric?: boolean;
}

/**
 * Deals rows out at random. Stratified, every class is shared out as the whole is, and keeps at least one row
 * for training.
 *
 * @param classOf the classes of a stratified split, else null
 * @param random uniform in [0, 1)
 * @throws DataError when a part that is asked for would be empty
 */
export function splitRows(
  rows: Uint32Array,
  config: Pick<SplitConfig, "validation" | "test">,
  classOf: ClassOf | null,
  random: () => number,
  file: string,
): Split {
  const wanted = {
    validation: Math.round(rows.length * config.validation),
    test: Math.round(rows.length * config.test),
  };
  const strata = classOf === null ? [rows] : groups(rows, classOf);
  const test = strata.map(() => 0);
  const validation = strata.map(() => 0);
  const sizes = strata.map((stratum) => stratum.length);
  // The first row of a class is for training.
  const room = sizes.map((size) => Math.max(0, size - 1));
  share(test, sizes, room, config.test, wanted.test);
  share(validation, sizes, room, config.validation, wanted.validation);

  const parts: { training: number[]; validation: number[]; test: number[] } = {
    training: [],
    validation: [],
    test: [],
  };
  strata.forEach((stratum, index) => {
    const shuffled = stratum.slice();
    const drawn = test[index] + validation[index];
    for (let at = 0; at < drawn; at++) {
      const other = at + Math.floor(random() * (shuffled.length - at));
      [shuffled[at], shuffled[other]] = [shuffled[other], shuffled[at]];
    }
    for (let at = 0; at < shuffled.length; at++) {
      const part = at < test[index] ? "test" : at < drawn ? "validation" : "training";
      parts[part].push(shuffled[at]);
    }
  });
  for (const part of ["validation", "test"] as const) {
    if (config[part] > 0 && parts[part].length === 0) {
      // Only a stratified split can come out empty although rows are enough.
      if (wanted[part] > 0 && classOf !== null) {
        const otherwise = classOf.numeric
          ? ', set "split": { "stratify": false }, or, if the target is a quantity, "task": "regression"'
          : ', or set "split": { "stratify": false }';
        throw new DataError(
          `No class of ${file} has enough rows to set one aside for ${part}; add rows${otherwise}.`,
        );
      }
      throw new DataError(
        `${file} has too few rows (${counted(rows.length, "usable row")}) to set ${percent(config[part])} of them aside for ${part}; add rows, or set "split": { "${part}": 0 }.`,
      );
    }
  }
  return {
    training: Uint32Array.from(parts.training).sort(),
    validation: Uint32Array.from(parts.validation).sort(),
    test: Uint32Array.from(parts.test).sort(),
  };
}

function groups(rows: Uint32Array, classOf: ClassOf): Uint32Array[] {
  const members: number[][] = Array.from({ length: classOf.count }, () => []);
  for (const row of rows) members[classOf.of(row)].push(row);
  return members.map((group) => Uint32Array.from(group));
}

/**
 * Takes `wanted` rows from strata in proportion to their sizes (largest remainders first, then the earlier
 * stratum), never more than there is room for; what is taken no longer is room.
 */
function share(counts: number[], sizes: number[], room: number[], fraction: number, wanted: number): void {
  const exact = sizes.map((size) => size * fraction);
  let left = wanted;
  exact.forEach((quota, index) => {
    counts[index] = Math.min(Math.floor(quota + 1e-9), room[index]);
    left -= counts[index];
  });
  const order = exact
    .map((quota, index) => ({ index, remainder: quota - Math.floor(quota + 1e-9) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index, remainder } of order) {
    if (left <= 0) break;
    if (counts[index] >= room[index] || remainder <= 1e-9) continue;
    counts[index]++;
    left--;
  }
  counts.forEach((count, index) => (room[index] -= count));
}
