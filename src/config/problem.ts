import type { Fix } from "./fix";
import { positionAt } from "./position";

/** Something wrong in the text of a run config, and where. */
export interface Problem {
  /** One sentence: what is wrong and what to do. */
  message: string;
  severity: "error" | "warning";
  /** UTF-16 offsets into the text; `end` is exclusive and at least `start`. */
  start: number;
  end: number;
  /** The key path of the offending value, e.g. ["optimizer", "learningRate"]. */
  path: (string | number)[];
  /** What would repair it, where one replacement is obvious ("did you mean"). */
  replacement?: { start: number; end: number; text: string };
  /** What would repair it with more than one replacement, the likeliest first. */
  fixes?: readonly Fix[];
  /** The key that is missing at `path`. */
  missing?: string;
  /**
   * The text is malformed as JSON or YAML (a missing comma, a key twice). An editor that checks the language
   * itself has reported it already.
   */
  syntax?: true;
}

/** A problem as compilers print it: `file:line:column: message`, counted from 1. */
export function formatProblem(
  file: string,
  text: string,
  problem: Pick<Problem, "start" | "message">,
): string {
  const { line, column } = positionAt(text, problem.start);
  return `${file}:${line}:${column}: ${problem.message}`;
}
