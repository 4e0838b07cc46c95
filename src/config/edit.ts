/** Changes values of a run config's text and leaves the rest of it, comments and all, as it is. */
import { applyEdits, modify } from "jsonc-parser/lib/esm/main.js";
import { parseDocument } from "yaml";
import type { ConfigLanguage } from "./files";
import { parseJson } from "./text/json";
import { nodeAt, type Range, type TextNode } from "./text/textTree";

export interface ValueChange {
  path: readonly (string | number)[];
  /** A value of plain data, or undefined to remove the key; a key that is not there yet is added. */
  value: unknown;
}

/** The text with the changes made. Its language must be well-formed. */
export function changeValues(
  text: string,
  language: ConfigLanguage,
  changes: readonly ValueChange[],
): string {
  if (language === "yaml") {
    const document = parseDocument(text, { keepSourceTokens: true });
    for (const { path, value } of changes) {
      if (value === undefined) document.deleteIn(path);
      else document.setIn(path, document.createNode(value));
    }
    return document.toString({ lineWidth: 0 });
  }
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? "  ";
  const formattingOptions = {
    insertSpaces: !indent.startsWith("\t"),
    tabSize: indent.length,
    eol: text.includes("\r\n") ? "\r\n" : "\n",
  };
  return changes.reduce(
    (changed, { path, value }) =>
      value === undefined
        ? withoutJson(changed, path)
        : applyEdits(changed, modify(changed, [...path], value, { formattingOptions })),
    text,
  );
}

/** Takes a key or an item out of JSON with its comma, and with its line where that holds nothing else. */
function withoutJson(text: string, path: readonly (string | number)[]): string {
  const range = placeOf(parseJson(text).root, path);
  if (range === null) return text;
  let { start, end } = range;
  const comma = /^\s*,/.exec(text.slice(end));
  const commaBefore = /,\s*$/.exec(text.slice(0, start));
  if (comma) end += comma[0].length;
  const indent = /(?:^|\n)[ \t]*$/.exec(text.slice(0, start));
  const rest = /^[ \t]*(?=\r?\n|$)/.exec(text.slice(end));
  if (!comma && commaBefore) {
    // The last of several: the one before loses its comma, and what follows stays where it is.
    start = commaBefore.index;
  } else if (indent && rest) {
    start = indent.index;
    end += rest[0].length;
  } else if (comma) end += /^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0;
  return text.slice(0, start) + text.slice(end);
}

function placeOf(root: TextNode | null, path: readonly (string | number)[]): Range | null {
  const parent = nodeAt(root, path.slice(0, -1));
  const step = path.at(-1);
  if (parent?.kind === "list" && typeof step === "number") return parent.items.at(step) ?? null;
  if (parent?.kind !== "object") return null;
  const entry = parent.entries.find(({ key }) => key === step);
  return entry ? { start: entry.keyRange.start, end: entry.value.end } : null;
}

/** The one place where two texts differ, so that an edit touches no more than it must. */
export function difference(before: string, after: string): { start: number; end: number; text: string } {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let tail = 0;
  while (tail < shorter - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) {
    tail++;
  }
  return { start, end: before.length - tail, text: after.slice(start, after.length - tail) };
}
