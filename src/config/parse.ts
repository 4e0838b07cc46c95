/**
 * Start reading here. The text of a run config becomes a tree with ranges (`text/`), the tree is
 * walked along the description of the keys (`keys/fields.ts`, `validate.ts`), and what is right becomes a `RunConfig`.
 */

import { contradictions } from "./contradictions";
import type { ReadableConfig } from "./contradictions";
import { runConfigField } from "./keys/fields";
import type { ConfigValues } from "./keys/fields";
import type { ConfigLanguage } from "./files";
import { parseText } from "./text/parseText";
import type { Problem } from "./problem";
import { resolve, resolveFunction } from "./resolve";
import type { FunctionRunConfig, RunConfig } from "./runConfig";
import type { TextNode } from "./text/textTree";
import { Validator } from "./validate";

export interface ParsedRunConfig {
  /** Of a network; null with an error, and for a function. */
  config: RunConfig | null;
  /** Where there is a `function`: its config; null with an error. Its expression is still to be read. */
  functionConfig: FunctionRunConfig | null;
  problems: Problem[];
}

/**
 * Reads a run config. Every problem is reported at once, in the order of the text; with an error among them there
 * is no config. Never throws, whatever the text.
 */
export function parseRunConfig(text: string, language: ConfigLanguage): ParsedRunConfig {
  const { root, problems } = parseText(text, language);
  if (!root) {
    const empty = 'The run config is empty; it needs at least { "data": { "file": …, "target": … } }.';
    if (problems.length === 0) problems.push(error(0, text.length, empty));
    return { config: null, functionConfig: null, problems };
  }

  const validator = new Validator(text, problems.length > 0);
  const values = readRoot(validator, root);
  problems.push(...validator.problems);
  if (values) problems.push(...contradictions(values, root));
  const sorted = sortAndDeduplicate(problems);
  const valid = !sorted.some(({ severity }) => severity === "error");
  if (!valid || !values) return { config: null, functionConfig: null, problems: sorted };
  // Without an error every part that the description asks for has been read.
  const read = values as ConfigValues;
  const functionConfig = resolveFunction(read);
  return { config: functionConfig ? null : resolve(read), functionConfig, problems: sorted };
}

function readRoot(validator: Validator, root: TextNode): ReadableConfig | undefined {
  // A key that is missing at the top level is shown at the first character: the whole file would be too much.
  const anchor = { start: root.start, end: Math.min(root.start + 1, root.end) };
  const shown = root.kind === "object" ? root : { ...root, ...anchor };
  return validator.read(runConfigField, shown, [], anchor, "an object of keys and values") as
    ReadableConfig | undefined;
}

/** In the order of the text, each once. */
export function sortAndDeduplicate(problems: readonly Problem[]): Problem[] {
  const distinct = new Map(
    problems.map((problem) => [`${problem.start} ${problem.end} ${problem.message}`, problem]),
  );
  return [...distinct.values()].sort((a, b) => a.start - b.start || a.end - b.end);
}

function error(start: number, end: number, message: string): Problem {
  return { message, severity: "error", start, end, path: [] };
}
