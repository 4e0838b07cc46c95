/** Changes values of a run config's text and leaves the rest of it, comments and all, as it is. */
import { applyEdits, modify } from "jsonc-parser/lib/esm/main.js";
import { parseDocument } from "yaml";
import type { ConfigLanguage } from "./files";

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
      applyEdits(changed, modify(changed, [...path], value, { formattingOptions })),
    text,
  );
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
