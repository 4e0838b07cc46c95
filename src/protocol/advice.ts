/** Advice for a run, as `advice/advice.ts` says, where it is made; and what a panel asks for about it. */

export interface AdviceItem {
  id: string;
  /** A few words. */
  title: string;
  /** One sentence with the numbers that it rests on. */
  evidence: string;
  /** One or two sentences: why that happens. */
  why: string;
  /** The key of the run config that it is about. */
  path: readonly (string | number)[];
  /** The likeliest remedy first. */
  fixes: readonly AdviceFix[];
  /** The page of the documents that explains it, without its extension. */
  page: string;
}

export interface AdviceFix {
  label: string;
  /** Keys of the run config and their new values; undefined removes a key. */
  changes: readonly { readonly path: readonly (string | number)[]; readonly value: unknown }[];
}

/** Panel → host: writes a fix into the run config, and trains again from the same start if that is wanted. */
export interface ApplyAdvice {
  type: "advice";
  run: string;
  /** The advice's id and the place of the fix in its list. */
  id: string;
  fix: number;
  action: "apply" | "rerun";
}

/** Panel → host: shows a page of the documents. */
export interface OpenPage {
  type: "page";
  page: string;
}

/** Panel → host: the values of a chart are read with the pointer or the keyboard. Sent once for each chart. */
export interface ChartRead {
  type: "read";
  chart: string;
}
