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
import { nodeAt, quote, type TextNode } from "./text/textTree";
import { Validator } from "./validate";
import { comparedEntries, ofVariant, variantsOf, type RunVariant } from "./variants";

export interface ParsedRunConfig {
  /** Of a network; null with an error, and for a function. */
  config: RunConfig | null;
  /** Where there is a `function`: its config; null with an error. Its expression is still to be read. */
  functionConfig: FunctionRunConfig | null;
  /**
   * With `compare` or `starts`: the runs that the run config stands for, which are made instead of that of `config` or
   * `functionConfig`, the settings that they have in common. Null for one run, and with an error.
   */
  variants: RunVariant[] | null;
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
    return { config: null, functionConfig: null, variants: null, problems };
  }

  const incomplete = problems.length > 0;
  const { values, problems: found } = readTree(text, root, incomplete);
  problems.push(...found, ...problemsOfEntries(text, root, found, incomplete));
  const sorted = sortAndDeduplicate(problems);
  const valid = !sorted.some(({ severity }) => severity === "error");
  if (!valid || !values) return { config: null, functionConfig: null, variants: null, problems: sorted };
  // Without an error every part that the description asks for has been read.
  const read = values as ConfigValues;
  const functionConfig = resolveFunction(read);
  return {
    config: functionConfig ? null : resolve(read),
    functionConfig,
    variants: variantsOf(root, read.starts),
    problems: sorted,
  };
}

function readTree(
  text: string,
  root: TextNode,
  incomplete: boolean,
): { values: ReadableConfig | undefined; problems: Problem[] } {
  const validator = new Validator(text, incomplete);
  const values = readRoot(validator, root);
  return { values, problems: [...validator.problems, ...(values ? contradictions(values, root) : [])] };
}

/** What is wrong with the run configs that the entries of `compare` make, beyond what is wrong with all of them. */
function problemsOfEntries(
  text: string,
  root: TextNode,
  known: readonly Problem[],
  incomplete: boolean,
): Problem[] {
  const names = new Set<string>();
  return comparedEntries(root).flatMap(({ index, name, named, node, root: merged }) => {
    const path = ["compare", index];
    const heading = nodeAt(node, ["name"]) ?? { start: node.start, end: Math.min(node.start + 1, node.end) };
    const problems: Problem[] = [];
    if (named && names.has(name)) {
      const message = `${quote(name)} names two entries of "compare"; give each its own name.`;
      problems.push({
        message,
        severity: "error",
        start: heading.start,
        end: heading.end,
        path: [...path, "name"],
      });
    }
    names.add(name);
    for (const problem of readTree(text, merged, incomplete).problems) {
      if (problem.start >= node.start && problem.end <= node.end) {
        problems.push({ ...problem, path: [...path, ...problem.path] });
        continue;
      }
      if (known.some((other) => other.message === problem.message && other.start === problem.start)) continue;
      const { start, end } = heading;
      problems.push({
        message: ofVariant(name, problem.message),
        severity: problem.severity,
        start,
        end,
        path,
      });
    }
    return problems;
  });
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
