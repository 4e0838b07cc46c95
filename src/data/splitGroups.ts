import type { SplitConfig } from "../config/runConfig";
import { DataError } from "./dataError";
import type { RowGroups } from "./rowGroups";
import type { ClassOf, Split } from "./split";
import { counted, quoted } from "./wording";

/** Visits of a row that looking for a good split may take, and how many splits are looked at. */
const mostVisits = 4_000_000;
const mostTries = 20;

const TRAINING = 0;
const partNames = ["training", "validation", "test"] as const;

/**
 * Deals out whole groups at random, so that no group is in two parts. The parts come as near to the shares that are asked
 * for as whole groups allow, with `classOf` in every class: groups are dealt in a random order, each to the part whose
 * squared distance from what it should hold, Σ (n_pc − share_p·n_c)² / n_c over parts p and classes c, falls most by it;
 * of several such orders the best is taken.
 *
 * @param random uniform in [0, 1)
 * @throws DataError when there are fewer groups than parts
 */
export function splitGroups(
  rows: Uint32Array,
  groups: RowGroups,
  config: Pick<SplitConfig, "validation" | "test">,
  classOf: ClassOf | null,
  random: () => number,
  where: { file: string; column: string },
): Split {
  const shares = [1 - config.validation - config.test, config.validation, config.test];
  const parts = [0, 1, 2].filter((part) => part === TRAINING || shares[part] > 0);
  if (groups.count < parts.length) {
    const aside = parts
      .slice(1)
      .map((part) => partNames[part])
      .join(" and ");
    throw new DataError(
      `Column ${quoted(where.column)} of ${where.file} has only ${counted(groups.count, "group")}, so none can be set aside for ${aside}; ` +
        `add rows of other groups, or remove "groupBy".`,
    );
  }
  const dealer = new Dealer(rows, groups, shares, parts, classOf);
  const tries = Math.max(1, Math.min(mostTries, Math.floor(mostVisits / rows.length)));
  let best = dealer.deal(random);
  for (let tried = 1; tried < tries && best.distance > 0; tried++) {
    const other = dealer.deal(random);
    if (other.distance < best.distance) best = other;
  }
  const rowsOf = (part: number): Uint32Array => rows.filter((_, at) => best.partOf[groups.of[at]] === part);
  return { training: rowsOf(0), validation: rowsOf(1), test: rowsOf(2) };
}

interface Deal {
  /** Of each group. */
  partOf: Uint8Array;
  /** How far the parts are from what they should hold. */
  distance: number;
}

class Dealer {
  private readonly classes: number;
  /** Positions in `rows`, group by group, and where each group begins. */
  private readonly members: Uint32Array;
  private readonly starts: Uint32Array;
  private readonly classAt: Uint32Array;
  private readonly totals: Float64Array;
  /** Rows of each part and class. */
  private readonly held: Float64Array;

  constructor(
    rows: Uint32Array,
    private readonly groups: RowGroups,
    private readonly shares: readonly number[],
    private readonly parts: readonly number[],
    classOf: ClassOf | null,
  ) {
    this.classes = classOf?.count ?? 1;
    this.classAt = Uint32Array.from(rows, (row) => classOf?.of(row) ?? 0);
    this.totals = new Float64Array(this.classes);
    for (const label of this.classAt) this.totals[label]++;
    this.held = new Float64Array(3 * this.classes);
    this.starts = new Uint32Array(groups.count + 1);
    for (const group of groups.of) this.starts[group + 1]++;
    for (let group = 0; group < groups.count; group++) this.starts[group + 1] += this.starts[group];
    const next = this.starts.slice();
    this.members = new Uint32Array(rows.length);
    groups.of.forEach((group, at) => (this.members[next[group]++] = at));
  }

  deal(random: () => number): Deal {
    const { count } = this.groups;
    const order = Uint32Array.from({ length: count }, (_, group) => group);
    for (let at = count - 1; at > 0; at--) {
      const other = Math.floor(random() * (at + 1));
      [order[at], order[other]] = [order[other], order[at]];
    }
    this.held.fill(0);
    const partOf = new Uint8Array(count);
    const sizes = [0, 0, 0];
    for (const group of order) {
      let best = TRAINING;
      let most = -Infinity;
      for (const part of this.parts) {
        const gain = this.add(group, part);
        this.remove(group, part);
        if (gain > most) [best, most] = [part, gain];
      }
      this.add(group, best);
      partOf[group] = best;
      sizes[best]++;
    }
    for (const part of this.parts) if (sizes[part] === 0) this.fill(part, partOf, sizes);
    return { partOf, distance: this.distance() };
  }

  /** Gives an empty part the group that is missed least elsewhere. */
  private fill(empty: number, partOf: Uint8Array, sizes: number[]): void {
    let best = -1;
    let most = -Infinity;
    partOf.forEach((part, group) => {
      if (sizes[part] < 2) return;
      const gain = this.remove(group, part) + this.add(group, empty);
      this.remove(group, empty);
      this.add(group, part);
      if (gain > most) [best, most] = [group, gain];
    });
    this.remove(best, partOf[best]);
    sizes[partOf[best]]--;
    this.add(best, empty);
    partOf[best] = empty;
    sizes[empty]++;
  }

  /** Puts a group into a part. Returns by how much the distance falls. */
  private add(group: number, part: number): number {
    return this.move(group, part, 1);
  }

  private remove(group: number, part: number): number {
    return this.move(group, part, -1);
  }

  private move(group: number, part: number, by: 1 | -1): number {
    let fallen = 0;
    for (let at = this.starts[group]; at < this.starts[group + 1]; at++) {
      const label = this.classAt[this.members[at]];
      const total = this.totals[label];
      const index = part * this.classes + label;
      const away = this.held[index] - this.shares[part] * total;
      this.held[index] += by;
      // away² − (away ± 1)², so that a group costs no more than a walk along its rows.
      fallen -= (2 * by * away + 1) / total;
    }
    return fallen;
  }

  private distance(): number {
    let sum = 0;
    for (const part of this.parts) {
      this.totals.forEach((total, label) => {
        if (total === 0) return;
        const away = this.held[part * this.classes + label] - this.shares[part] * total;
        sum += (away * away) / total;
      });
    }
    return sum;
  }
}
