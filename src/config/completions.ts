/** The keys and words that can be written at an offset of a run config in YAML; JSON has them from its schema. */
import { documentField, typeField } from "./documentation";
import { defaultOf } from "./keys/defaults";
import type { Field, Fields, VariantsField } from "./keys/field";
import { runConfigField } from "./keys/fields";
import { parseYaml } from "./text/yaml";
import { nodeAt, type Range, type TextNode } from "./text/textTree";

export interface ConfigCompletion {
  readonly kind: "key" | "value";
  readonly label: string;
  /** Markdown. */
  readonly documentation: string;
  /** In the editor's snippet syntax. */
  readonly snippet: string;
  /** What follows can be completed as well. */
  readonly goesOn: boolean;
  readonly replace: Range;
}

type Path = readonly (string | number)[];

/** No key or word that anybody would write. */
const marker = "\u2042downhill\u2042";

/** The keys of the object that the offset stands in, or the words that its key may have. */
export function yamlCompletionsAt(text: string, offset: number): ConfigCompletion[] {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const before = text.slice(lineStart, offset);
  const word = /[\w$-]*$/.exec(before)?.[0] ?? "";
  const rest = /^[\w$-]*/.exec(text.slice(offset))?.[0] ?? "";
  const replace = { start: offset - word.length, end: offset + rest.length };
  const prefix = before.slice(0, before.length - word.length);
  const after = text.slice(replace.end);
  if (before.includes("#")) return [];
  const written = (inserted: string): TextNode | null =>
    parseYaml(text.slice(0, replace.start) + inserted + after).root;
  const found: ConfigCompletion[] = [];
  // A key that is there already has its colon.
  if (/^\s*(- +)*$|[{,]\s*$/.test(prefix) && !/^\s*:/.test(after)) {
    const root = written(`${marker}: 0`);
    const parent = root && parentOfMarker(root, []);
    if (root && parent) found.push(...keysAt(root, parent, prefix, replace));
  }
  if (/:\s+$|[[,-]\s*$/.test(prefix)) {
    const root = written(marker);
    const path = root && pathOfMarker(root, []);
    if (root && path) found.push(...valuesAt(root, path, replace));
  }
  return found;
}

function keysAt(root: TextNode, parent: Path, prefix: string, replace: Range): ConfigCompletion[] {
  const node = nodeAt(root, parent);
  const taken = new Set(node?.kind === "object" ? node.entries.map(({ key }) => key) : []);
  const inFlow = /[{,]\s*$/.test(prefix);
  return fieldsAt(root, parent)
    .flatMap((field) => Object.entries(keysOf(field, root, parent)))
    .filter(([key, field]) => !taken.has(key) && field.kind !== "unavailable" && !key.startsWith("$"))
    .map(([key, field]) => ({
      kind: "key" as const,
      label: key,
      documentation: documentField(field),
      snippet: `${key}:${bodyOf(field, inFlow)}`,
      goesOn: field.kind !== "number" && field.kind !== "list",
      replace,
    }));
}

function valuesAt(root: TextNode, path: Path, replace: Range): ConfigCompletion[] {
  return fieldsAt(root, path)
    .flatMap(wordsOf)
    .map(([label, documentation]) => ({
      kind: "value" as const,
      label,
      documentation,
      snippet: label,
      goesOn: false,
      replace,
    }));
}

/** What can be written for a field, each with what it means. */
function wordsOf(field: Field): [word: string, meaning: string][] {
  const value = defaultOf(field);
  const examples = [...(value === undefined ? [] : [value]), ...(field.examples ?? [])];
  switch (field.kind) {
    case "choice":
      return Object.entries(field.choices);
    case "boolean":
      return [
        ["true", field.description],
        ["false", field.description],
      ];
    case "number":
      return numbersOf(field, examples);
    case "either":
      return field.alternatives.flatMap((alternative) =>
        alternative.kind === "number" ? numbersOf(field, examples) : wordsOf(alternative),
      );
    default:
      return [];
  }
}

function numbersOf(field: Field, examples: readonly unknown[]): [word: string, meaning: string][] {
  const numbers = examples.filter((example) => typeof example === "number");
  return [...new Set(numbers)].map((number) => [String(number), documentField(field)]);
}

/** What follows the colon of a key. */
function bodyOf(field: Field, inFlow: boolean): string {
  const value = defaultOf(field);
  switch (field.kind) {
    case "object":
    case "variants":
    case "map":
      return inFlow ? " { $0 }" : "\n  $0";
    case "list":
      return " [$0]";
    case "number":
      return typeof value === "number" ? ` \${1:${value}}` : " $0";
    default:
      return " $0";
  }
}

/** What may stand at a path, given the types that are written. */
function fieldsAt(root: TextNode, path: Path): Field[] {
  let fields: Field[] = [runConfigField];
  path.forEach((step, at) => {
    const before = path.slice(0, at);
    fields = fields.flatMap((field) => {
      if (field.kind === "either")
        return field.alternatives.flatMap((one) => inside(one, step, root, before));
      return inside(field, step, root, before);
    });
  });
  return fields;
}

function inside(field: Field, step: string | number, root: TextNode, path: Path): Field[] {
  if (field.kind === "list") return typeof step === "number" ? [field.item] : [];
  if (typeof step !== "string") return [];
  const keys = keysOf(field, root, path);
  return Object.hasOwn(keys, step) ? [keys[step]] : [];
}

function keysOf(field: Field, root: TextNode, path: Path): Fields {
  switch (field.kind) {
    case "object":
      return field.fields;
    case "variants":
      return { type: typeField(field), ...field.variants[typeAt(field, root, path)].fields };
    case "either":
      return Object.assign({}, ...field.alternatives.map((one) => keysOf(one, root, path))) as Fields;
    default:
      return {};
  }
}

function typeAt(field: VariantsField, root: TextNode, path: Path): string {
  const type = nodeAt(root, [...path, "type"]);
  const known = type?.kind === "string" && Object.hasOwn(field.variants, type.value);
  return known ? type.value : field.defaultVariant;
}

/** The path of the object in which the marker is a key. */
function parentOfMarker(node: TextNode, path: Path): Path | null {
  if (node.kind === "object" && node.entries.some(({ key }) => key === marker)) return path;
  return search(node, path, parentOfMarker);
}

function pathOfMarker(node: TextNode, path: Path): Path | null {
  if (node.kind === "string") return node.value === marker ? path : null;
  return search(node, path, pathOfMarker);
}

function search(node: TextNode, path: Path, find: (node: TextNode, path: Path) => Path | null): Path | null {
  const children: [string | number, TextNode][] =
    node.kind === "object"
      ? node.entries.map(({ key, value }) => [key, value])
      : node.kind === "list"
        ? node.items.map((item, at) => [at, item])
        : [];
  for (const [step, child] of children) {
    const found = find(child, [...path, step]);
    if (found) return found;
  }
  return null;
}
