/** The text of a run config as data with ranges: what JSON and YAML both become before validation. */

import type { Problem } from "../problem";
import { positionAt } from "../position";

/** No valid run config is nested this deeply; what lies deeper is not looked at. */
export const maximumDepth = 50;

/** UTF-16 offsets into the text; `end` is exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export type TextNode = Range &
  (
    | { readonly kind: "object"; readonly entries: readonly TextEntry[] }
    | { readonly kind: "list"; readonly items: readonly TextNode[] }
    | {
        readonly kind: "string";
        readonly value: string;
        /** The text between the quotes, where it may simply be replaced by another word. */
        readonly word: Range | null;
      }
    | { readonly kind: "number"; readonly value: number }
    | { readonly kind: "boolean"; readonly value: boolean }
    | { readonly kind: "null" }
    /** What could not be read and has been reported already. */
    | { readonly kind: "broken" }
  );

export interface TextEntry {
  readonly key: string;
  readonly keyRange: Range;
  /** The key without its quotes. */
  readonly word: Range | null;
  readonly value: TextNode;
}

export interface ParsedText {
  /** Null where there is no value at all: an empty text. */
  readonly root: TextNode | null;
  /** What is wrong with the text as JSON or YAML. */
  readonly problems: Problem[];
}

/** The range without its quotes, or null where the text is written in a way that a word cannot replace. */
export function wordRange(text: string, range: Range): Range | null {
  const first = text[range.start];
  const quoted = first === '"' || first === "'";
  if (!quoted) return first === "|" || first === ">" || first === "*" ? null : range;
  return range.end - range.start >= 2 && text[range.end - 1] === first
    ? { start: range.start + 1, end: range.end - 1 }
    : null;
}

/** Reports every key that stands twice in an object, at its second and later places. */
export function duplicateKeys(entries: readonly TextEntry[], path: readonly (string | number)[]): Problem[] {
  const seen = new Set<string>();
  const problems: Problem[] = [];
  for (const { key, keyRange } of entries) {
    if (seen.has(key)) {
      problems.push({
        message: `The key ${quote(key)} stands here twice; keep one of them.`,
        severity: "error",
        ...keyRange,
        path: [...path, key],
        syntax: true,
      });
    }
    seen.add(key);
  }
  return problems;
}

/** A text in quotes, on one line and not too long for a message. */
export function quote(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 57)}…` : text;
  return JSON.stringify(short);
}

/** The first problem of each line: what follows a mistake is rarely another one. At most 20. */
export function onePerLine(text: string, problems: readonly Problem[]): Problem[] {
  const lines = new Map<number, Problem>();
  for (const problem of problems.toSorted((a, b) => a.start - b.start).slice(0, 100)) {
    const { line } = positionAt(text, problem.start);
    if (!lines.has(line)) lines.set(line, problem);
  }
  return [...lines.values()].slice(0, 20);
}

/** What a text means as plain data; undefined where part of it is broken. */
export function plainValue(node: TextNode): unknown {
  switch (node.kind) {
    case "object": {
      const entries = node.entries.map(({ key, value }) => [key, plainValue(value)] as const);
      return entries.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(entries);
    }
    case "list": {
      const items = node.items.map(plainValue);
      return items.includes(undefined) ? undefined : items;
    }
    case "null":
      return null;
    case "broken":
      return undefined;
    default:
      return node.value;
  }
}

/** The node at a key path, or null where nothing is written. */
export function nodeAt(root: TextNode | null, path: readonly (string | number)[]): TextNode | null {
  let node: TextNode | null | undefined = root;
  for (const step of path) {
    if (node?.kind === "object") node = node.entries.find(({ key }) => key === step)?.value;
    else if (node?.kind === "list" && typeof step === "number") node = node.items[step];
    else return null;
  }
  return node ?? null;
}
