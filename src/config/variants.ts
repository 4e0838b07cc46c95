/**
 * The runs that a run config with `compare` or `starts` stands for. Each is a run config of its own: the tree of the text with
 * an entry's keys in the place of its own, so that validation, resuming and reproducing need not know of comparisons.
 */
import { quote, type TextEntry, type TextNode } from "./text/textTree";
import type { Range } from "./text/textTree";
import type { Field } from "./keys/field";
import { runConfigField } from "./keys/fields";

/** The most runs that one run config may stand for. */
export const mostVariants = 100;

export interface RunVariant {
  /** Different from all others of the run config. */
  readonly name: string;
  /** Of its entry in `compare`; null where there is none. */
  readonly range: Range | null;
  /** A run config of its own, in JSON (and so also in YAML). */
  readonly text: string;
}

/** One entry of `compare`: the run config that it makes, as a tree whose ranges point into the text. */
export interface ComparedEntry {
  readonly index: number;
  readonly name: string;
  /** Whether somebody wrote the name. */
  readonly named: boolean;
  readonly node: TextNode;
  readonly root: TextNode & { kind: "object" };
}

/** Keys that say how many runs there are: no single run has them. */
const plural: ReadonlySet<string> = new Set(["compare", "starts"]);

/** The entries of `compare` that are objects, each laid over the run config that it stands in. */
export function comparedEntries(root: TextNode): ComparedEntry[] {
  if (root.kind !== "object") return [];
  const list = root.entries.find(({ key }) => key === "compare")?.value;
  if (list?.kind !== "list") return [];
  const single = withoutKeys(root, plural);
  const seen = new Map<string, number>();
  return list.items.flatMap((node, index) => {
    if (node.kind !== "object") return [];
    const written = node.entries.find(({ key }) => key === "name")?.value;
    const named = written?.kind === "string" && written.value.trim() !== "";
    const plain = named ? written.value.trim() : describeChanges(node);
    const before = seen.get(plain) ?? 0;
    seen.set(plain, before + 1);
    const name = before === 0 || named ? plain : `${plain} (${before + 1})`;
    const known = node.entries.filter(
      ({ key }) => key !== "name" && !plural.has(key) && Object.hasOwn(runConfigField.fields, key),
    );
    const merged = laidOver(single, { ...node, entries: known }, runConfigField);
    return merged.kind === "object" ? [{ index, name, named, node, root: merged }] : [];
  });
}

/** The runs of a run config without problems, in the order of the text; null where it stands for one run alone. */
export function variantsOf(root: TextNode, starts: number): RunVariant[] | null {
  if (root.kind !== "object") return null;
  const entries = comparedEntries(root);
  if (entries.length === 0 && starts === 1) return null;
  const alone = { name: "", node: null, root: withoutKeys(root, plural) };
  return (entries.length > 0 ? entries : [alone]).flatMap(({ name, node, root: merged }) => {
    const range = node && { start: node.start, end: node.end };
    const config = plainValue(merged) as Record<string, unknown>;
    if (starts === 1) return [{ name, range, text: textOf(config) }];
    return Array.from({ length: starts }, (_, i) => ({
      name: name === "" ? `start ${i + 1}` : `${name}, start ${i + 1}`,
      range,
      text: textOf({ ...config, startSeed: startSeedOf(config, i) }),
    }));
  });
}

/** What all the runs have in common, as a run config of its own. */
export function commonText(root: TextNode): string {
  const single = root.kind === "object" ? withoutKeys(root, plural) : root;
  return textOf(plainValue(single) as Record<string, unknown>);
}

/** The first start is that of the run on its own; those after it have the seeds after its own. */
function startSeedOf(
  { startSeed, seed = runConfigField.fields.seed.default }: Record<string, unknown>,
  i: number,
): number {
  return (Number(startSeed ?? seed) + i) % 2 ** 32;
}

function textOf(config: Record<string, unknown>): string {
  return `${JSON.stringify(config, null, 2)}\n`;
}

function withoutKeys(
  root: TextNode & { kind: "object" },
  keys: ReadonlySet<string>,
): TextNode & { kind: "object" } {
  return { ...root, entries: root.entries.filter(({ key }) => !keys.has(key)) };
}

/**
 * What `over` says in the place of what `base` says: objects key by key, anything else as a whole. Parameters of one optimizer mean
 * nothing to another, so that another `type` takes nothing over. A key that is null is left out.
 */
function laidOver(base: TextNode, over: TextNode, field: Field | undefined): TextNode {
  if (base.kind !== "object" || over.kind !== "object") return over;
  if (field?.kind !== "object" && field?.kind !== "variants") return over;
  if (field.kind === "variants" && typeOf(over) !== null) {
    if (typeOf(over) !== (typeOf(base) ?? field.defaultVariant)) return over;
  }
  const entries: TextEntry[] = base.entries.flatMap((entry) => {
    const other = over.entries.find(({ key }) => key === entry.key);
    if (!other) return [entry];
    if (other.value.kind === "null") return [];
    const inner = field.kind === "object" ? field.fields[entry.key] : undefined;
    const value = laidOver(entry.value, other.value, inner);
    return [value === other.value ? other : { ...entry, value }];
  });
  const added = over.entries.filter(
    ({ key, value }) => value.kind !== "null" && !base.entries.some((entry) => entry.key === key),
  );
  return { ...base, entries: [...entries, ...added] };
}

function typeOf(node: TextNode & { kind: "object" }): string | null {
  const type = node.entries.find(({ key }) => key === "type")?.value;
  return type?.kind === "string" ? type.value : null;
}

/** What a node of a text says, as plain data. */
export function plainValue(node: TextNode): unknown {
  switch (node.kind) {
    case "object":
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, plainValue(value)]));
    case "list":
      return node.items.map(plainValue);
    case "null":
    case "broken":
      return null;
    default:
      return node.value;
  }
}

/** A name for an entry that has none: what it changes, such as "optimizer sgd, learningRate 0.1". */
function describeChanges(node: TextNode & { kind: "object" }): string {
  const words = changesIn(node, "").join(", ");
  if (words === "") return "unchanged";
  return words.length > 60 ? `${words.slice(0, 59)}…` : words;
}

function changesIn(node: TextNode & { kind: "object" }, section: string): string[] {
  return node.entries.flatMap(({ key, value }) => {
    if (value.kind === "object") return changesIn(value, key);
    if (value.kind === "null") return [`no ${key}`];
    return [`${key === "type" && section !== "" ? section : key} ${valueText(value)}`];
  });
}

function valueText(node: TextNode): string {
  const value = plainValue(node);
  if (Array.isArray(value))
    return value.map((item) => (typeof item === "object" ? JSON.stringify(item) : String(item))).join("-");
  return String(value);
}

/** `With "sgd": …`, for what only one of the runs has wrong. */
export function ofVariant(name: string, message: string): string {
  return `With ${quote(name)}: ${message}`;
}
