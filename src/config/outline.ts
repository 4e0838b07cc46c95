/** The keys of a run config as an outline. */
import type { ConfigLanguage } from "./files";
import { parseText } from "./text/parseText";
import type { Range, TextNode } from "./text/textTree";

export interface OutlineSymbol {
  readonly name: string;
  /** The value, where it is short. */
  readonly detail: string;
  readonly kind: Exclude<TextNode["kind"], "broken">;
  /** The key with its value; `key` lies within it. */
  readonly whole: Range;
  readonly key: Range;
  readonly children: readonly OutlineSymbol[];
}

export function outlineOf(text: string, language: ConfigLanguage): OutlineSymbol[] {
  const { root } = parseText(text, language);
  return root === null ? [] : symbolsIn(root);
}

function symbolsIn(node: TextNode): OutlineSymbol[] {
  if (node.kind === "object")
    return node.entries.flatMap(({ key, keyRange, value }) => symbolOf(key, keyRange, value));
  // Plain items say nothing that their list does not.
  if (node.kind === "list")
    return node.items.flatMap((item, at) =>
      item.kind === "object" ? symbolOf(nameOf(item) ?? String(at), item, item) : [],
    );
  return [];
}

function symbolOf(name: string, key: Range, value: TextNode): OutlineSymbol[] {
  if (value.kind === "broken") return [];
  const whole = { start: Math.min(key.start, value.start), end: Math.max(key.end, value.end) };
  const range = { start: key.start, end: key.end };
  // The editor refuses a symbol without a name.
  const symbol = { name: name || "–", detail: detailOf(value), kind: value.kind, whole, key: range };
  return [{ ...symbol, children: symbolsIn(value) }];
}

/** What tells the items of a list of objects apart. */
function nameOf(node: TextNode & { kind: "object" }): string | null {
  const named = node.entries.find(({ key }) => key === "name")?.value;
  return named?.kind === "string" ? named.value : null;
}

function detailOf(value: TextNode): string {
  switch (value.kind) {
    case "string":
    case "number":
    case "boolean":
      return String(value.value);
    case "null":
      return "null";
    case "list":
      return value.items.every(({ kind }) => kind === "string" || kind === "number")
        ? value.items.map(detailOf).join(", ")
        : "";
    default:
      return "";
  }
}
