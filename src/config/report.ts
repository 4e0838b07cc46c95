/** The problems that are found on the way through a text, in words: what is wrong, and what was probably meant. */

import { removal, type Fix } from "./fix";
import { enumerate } from "./keys/field";
import type { Field } from "./keys/field";
import { availableKeys, meantKey } from "./keys/knownKeys";
import type { Problem } from "./problem";
import { suggest } from "./suggest";
import { plainValue, quote } from "./text/textTree";
import type { Range, TextEntry, TextNode } from "./text/textTree";

export type Path = readonly (string | number)[];

/** A value that was read; `undefined` stands for one that was wrong and has been reported. */
export type Value = unknown;
export const wrong: Value = undefined;

export class ProblemReport {
  readonly problems: Problem[] = [];

  /** @param text the text that the ranges point into */
  constructor(private readonly text: string) {}

  /** Reports a wrong word, with what was probably meant. */
  protected word(
    choices: readonly string[],
    synonyms: Readonly<Record<string, string>> | undefined,
    node: TextNode,
    path: Path,
    expected: string,
  ): Value {
    const meant = node.kind === "string" ? suggest(node.value, choices, synonyms) : null;
    if (node.kind !== "string" || meant === null) return this.mismatch(node, path, expected);
    const message = `${name(path)} must be ${expected}, not ${quote(node.value)}: did you mean "${meant}"?`;
    return this.report(node, path, message, node.word && { ...node.word, text: meant });
  }

  /** Reports an unknown key. Returns the known one of the same object that was probably meant. */
  protected unknownKey(
    { key, keyRange, word, value }: TextEntry,
    fields: Readonly<Record<string, Field | null>>,
    entries: readonly TextEntry[],
    path: Path,
  ): string | null {
    const meant = meantKey(key, fields, path.join("."));
    const where = path.length === 0 ? "at the top level" : `in ${name(path)}`;
    const unknown = `Unknown key ${quote(key)} ${where}`;
    if (meant === null) {
      const keys = availableKeys(fields).filter((known) => !known.startsWith("$"));
      const list = enumerate(keys.map(quote), "and");
      const remove = removal([...path, key], `"${key}"`);
      this.report(keyRange, [...path, key], `${unknown}; the keys here are ${list}.`, null, [remove]);
      return null;
    }
    if (meant.section !== null) {
      const section = meant.section === "" ? "at the top level" : `in "${meant.section}"`;
      const message = `${unknown}: did you mean "${meant.key}" ${section}?`;
      this.report(
        keyRange,
        [...path, key],
        message,
        null,
        this.moves([...path, key], meant.section, meant.key, value),
      );
      return null;
    }
    const taken = entries.some((entry) => entry.key === meant.key);
    const replacement = taken ? null : word && { ...word, text: meant.key };
    this.report(keyRange, [...path, key], `${unknown}: did you mean "${meant.key}"?`, replacement);
    return meant.key;
  }

  /** To take a key with its value where it belongs. */
  private moves(path: Path, section: string, key: string, node: TextNode): Fix[] {
    const value = plainValue(node);
    if (value === undefined) return [];
    const target = section === "" ? [key] : [...section.split("."), key];
    const where = section === "" ? "to the top level" : `into "${section}"`;
    const changes = [
      { path: [...path], value: undefined },
      { path: target, value },
    ];
    return [{ title: `Move "${key}" ${where}`, changes, absent: target }];
  }

  /** Reports a value that is not what is expected. @param meant what to write instead, where that is clear */
  protected mismatch(node: TextNode, path: Path, expected: string, meant?: string): Value {
    if (node.kind === "broken") return wrong;
    const replacement = meant === undefined ? null : { start: node.start, end: node.end, text: meant };
    const hint = meant === undefined ? "" : `: did you mean ${meant}?`;
    if (node.kind === "null")
      return this.report(node, path, `${name(path)} has no value; it must be ${expected}.`);
    const not = this.written(node);
    this.report(node, path, `${name(path)} must be ${expected}, not ${not}${hint || "."}`, replacement);
    return wrong;
  }

  /** What stands in the text, briefly. */
  protected written(node: TextNode): string {
    switch (node.kind) {
      case "string":
        return quote(node.value);
      case "object":
        return "an object";
      case "list":
        return "a list";
      default: {
        const source = this.source(node);
        return source.length > 40 ? `${source.slice(0, 37)}…` : source;
      }
    }
  }

  protected source(node: TextNode): string {
    return this.text.slice(node.start, node.end);
  }

  protected report(
    range: Range,
    path: Path,
    message: string,
    replacement?: Problem["replacement"] | null,
    fixes: readonly Fix[] = [],
    missing?: string,
  ): Value {
    const { start, end } = range;
    this.problems.push({
      message,
      severity: "error",
      start,
      end,
      path: [...path],
      ...(replacement && {
        replacement: { start: replacement.start, end: replacement.end, text: replacement.text },
      }),
      ...(fixes.length > 0 && { fixes }),
      ...(missing !== undefined && { missing }),
    });
    return wrong;
  }
}

/** `["network", "hidden", 1, "units"]` → `"network.hidden[1].units"`. */
export function name(path: Path): string {
  if (path.length === 0) return "The run config";
  return `"${path.map((step, i) => (typeof step === "number" ? `[${step}]` : i === 0 ? step : `.${step}`)).join("")}"`;
}
