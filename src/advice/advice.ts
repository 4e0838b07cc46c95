/** Advice: what is wrong with a run, by which numbers, why, and the edits of the run config that would mend it. */

export type AdviceId =
  | "learning-rate-too-large"
  | "learning-rate-too-small"
  | "plateau"
  | "overfitting"
  | "unscaled-inputs"
  | "class-imbalance"
  | "dead-units"
  | "initial-loss"
  | "saddle";

/** A key of the run config and its new value; undefined removes the key. */
export interface ConfigChange {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

export interface Fix {
  /** What is written, as a button says it: "Learning rate 0.01". */
  readonly label: string;
  readonly changes: readonly ConfigChange[];
}

export interface Advice {
  readonly id: AdviceId;
  /** A few words: "Learning rate too large". */
  readonly title: string;
  /** One sentence with the numbers that it rests on. */
  readonly evidence: string;
  /** One or two sentences: why that happens. */
  readonly why: string;
  /** The key of the run config that it is about. */
  readonly path: readonly (string | number)[];
  /** The likeliest remedy first; at least one. */
  readonly fixes: readonly [Fix, ...Fix[]];
  /** The page of the documents that explains it, without its extension. */
  readonly page: string;
}

/** Every rule: the evidence of a run → advice, or null where the evidence is not there. */
export type Rule<E> = (evidence: E) => Advice | null;
