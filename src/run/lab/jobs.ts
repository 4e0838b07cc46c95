/**
 * The kinds of jobs that a lab does. A new one is a file with an async generator of its parts, which works in slices of some ten
 * milliseconds with `await turn.breathe()` between them, and a line here.
 */
import type { LabBench } from "./bench";
import type { Turn } from "./queue";
import { evaluate } from "./evaluate";
import { importance } from "./importance";
import { networkPicture } from "./networkPicture";
import { predictRow } from "./predictRow";
import { slice } from "./slice";
import { surface } from "./surface";

export const jobs = { surface, slice, evaluate, importance, predictRow, networkPicture } satisfies Record<
  string,
  AnyJob
>;

// Parameters of functions are checked the other way round: only `never` stands for a job of any kind.
type AnyJob = (bench: LabBench, job: never, turn: Turn) => AsyncGenerator<unknown, void>;

type Jobs = typeof jobs;
export type JobName = keyof Jobs;

/** What a job of a kind is told. */
export type JobOf<Name extends JobName> = Parameters<Jobs[Name]>[1];

/** What a job of a kind yields, again and again. */
export type PartOf<Name extends JobName> = Jobs[Name] extends (
  ...given: never[]
) => AsyncGenerator<infer Part, void>
  ? Part
  : never;
