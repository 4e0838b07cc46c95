/**
 * Repairs that the sentence about a problem of the data itself proposes: 'set "badRows" to "skip"'. So what a run or a
 * reader has found can be mended with a click. Knows nothing of `vscode`.
 */
import { change, removal, type Fix } from "../config/fix";
import type { ConfigLanguage } from "../config/files";
import { parseText } from "../config/text/parseText";
import { nodeAt, plainValue } from "../config/text/textTree";

/** Where the keys stand that such sentences name. */
const places: Readonly<Record<string, readonly string[]>> = {
  task: ["task"],
  loss: ["loss"],
  badRows: ["data", "badRows"],
  missing: ["data", "missing"],
  format: ["data", "format"],
  standardize: ["data", "standardize"],
  classWeights: ["data", "classWeights"],
  groupBy: ["data", "split", "groupBy"],
  orderBy: ["data", "split", "orderBy"],
};

export function messageFixes(message: string, text: string, language: ConfigLanguage): Fix[] {
  const fixes: Fix[] = [];
  for (const [, key, value, other] of message.matchAll(
    /\bset "(\w+)" to ("[\w-]+"|true|false)(?: or ("[\w-]+"))?/g,
  )) {
    if (!Object.hasOwn(places, key)) continue;
    // The second is undefined where there is none.
    for (const each of [value, other].filter(Boolean))
      fixes.push(change(places[key], JSON.parse(each) as unknown));
  }
  for (const [, key, value] of message.matchAll(/\bset "split": \{ "(\w+)": (0|false) \}/g))
    fixes.push(change(["data", "split", key], JSON.parse(value) as unknown));
  if (/\buse categorical-cross-entropy\b/.test(message))
    fixes.push(change(["loss"], "categorical-cross-entropy"));
  for (const [, key] of message.matchAll(/\bremove "(\w+)"/g))
    if (Object.hasOwn(places, key)) fixes.push(removal(places[key], `"${key}"`));
  const column = /\b[Cc]olumn "([^"…]+)" .*\bleave (?:it|the column) out with "ignore"/.exec(message)?.[1];
  if (column !== undefined) {
    const node = nodeAt(parseText(text, language).root, ["data", "ignore"]);
    const ignored = node ? plainValue(node) : [];
    if (Array.isArray(ignored) && !ignored.includes(column))
      fixes.push({
        title: `Ignore the column "${column}"`,
        changes: [{ path: ["data", "ignore"], value: [...(ignored as unknown[]), column] }],
      });
  }
  return fixes;
}
