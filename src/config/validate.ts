/** Walks the tree of a text along the description of the keys: values with defaults out, problems on the way. */

import { choiceExpectation, enumerate, expectation, numberFits } from "./keys/field";
import type {
  ChoiceField,
  EitherField,
  Field,
  Fields,
  ListField,
  MapField,
  NumberField,
  ObjectField,
  OverridesField,
  VariantsField,
} from "./keys/field";
import { change, removal } from "./fix";
import { defaultOf } from "./keys/defaults";
import { ProblemReport, name, wrong, type Path, type Value } from "./report";
import { suggest } from "./suggest";
import { quote } from "./text/textTree";
import type { Range, TextEntry, TextNode } from "./text/textTree";

export class Validator extends ProblemReport {
  /**
   * @param text the text that the ranges point into
   * @param incomplete the text is malformed, so that keys may be missing only because they could not be read
   */
  constructor(
    text: string,
    private readonly incomplete: boolean,
  ) {
    super(text);
  }

  /** Reads a value as the field describes it; parts that are wrong are left out of what is returned. */
  read(field: Field, node: TextNode, path: Path, anchor: Range, expected = expectation(field)): Value {
    switch (field.kind) {
      case "text":
        return this.textValue(node, path, expected);
      case "number":
        return this.number(field, node, path, expected);
      case "boolean":
        return this.boolean(node, path, expected);
      case "choice":
        return this.choice(field, node, path, expected);
      case "list":
        return this.list(field, node, path, expected);
      case "object":
        return this.object(field, node, path, anchor, expected);
      case "map":
        return this.map(field, node, path, expected);
      case "variants":
        return this.variants(field, node, path, anchor, expected);
      case "either":
        return this.either(field, node, path, anchor);
      case "overrides":
        return this.overrides(field, node, path, expected);
      case "unavailable":
        this.report(anchor, path, `${name(path)} is not available yet; remove it.`, null, [
          removal(path, name(path)),
        ]);
        return wrong;
    }
  }

  private textValue(node: TextNode, path: Path, expected: string): Value {
    if (node.kind !== "string") {
      // A column may be called 2020 or true, but must be written as text.
      const written = this.written(node);
      const plain = node.kind === "number" || node.kind === "boolean";
      return this.mismatch(node, path, expected, plain ? JSON.stringify(written) : undefined);
    }
    if (node.value === "") return this.report(node, path, `${name(path)} is empty; give ${expected}.`);
    if (node.value.includes("\0")) {
      return this.report(node, path, `${name(path)} holds a NUL character; give ${expected}.`);
    }
    return node.value;
  }

  private number(field: NumberField, node: TextNode, path: Path, expected: string): Value {
    if (node.kind === "number") {
      if (numberFits(field, node.value)) return node.value;
      if (!Number.isFinite(node.value)) return this.mismatch(node, path, "a finite number");
      if (field.atMost !== undefined && node.value > field.atMost) {
        return this.mismatch(node, path, `at most ${field.atMost}`);
      }
      return this.mismatch(node, path, expected);
    }
    const number = node.kind === "string" && node.value.trim() !== "" ? Number(node.value) : NaN;
    return this.mismatch(node, path, expected, numberFits(field, number) ? String(number) : undefined);
  }

  private boolean(node: TextNode, path: Path, expected: string): Value {
    if (node.kind === "boolean") return node.value;
    const word =
      node.kind === "string" ? node.value.toLowerCase() : node.kind === "number" ? String(node.value) : "";
    const meant = ["true", "yes", "on", "1"].includes(word)
      ? "true"
      : ["false", "no", "off", "0"].includes(word)
        ? "false"
        : undefined;
    return this.mismatch(node, path, expected, meant);
  }

  private choice(field: ChoiceField, node: TextNode, path: Path, expected: string): Value {
    if (node.kind === "string") {
      if (Object.hasOwn(field.choices, node.value)) return node.value;
      if (Object.hasOwn(field.later ?? {}, node.value)) {
        const choices = enumerate(Object.keys(field.choices).map(quote), "or");
        return this.report(
          node,
          path,
          `${quote(node.value)} is not available yet for ${name(path)}; use ${choices}.`,
        );
      }
    }
    return this.word(Object.keys(field.choices), field.synonyms, node, path, expected);
  }

  private list(field: ListField, node: TextNode, path: Path, expected: string): Value {
    if (node.kind !== "list") {
      const text = this.source(node);
      // A mapping over several YAML lines cannot be wrapped in place.
      const wrapped = accepts(field.item, node) && !/[\r\n]/.test(text) ? `[${text}]` : undefined;
      return this.mismatch(node, path, expected, wrapped);
    }
    const count = node.items.length;
    if (field.exactly !== undefined && count !== field.exactly) {
      const has = count === 1 ? "1 item" : `${count} items`;
      return this.report(node, path, `${name(path)} must be ${expected}, but has ${has}.`);
    }
    if (field.atLeast !== undefined && count < field.atLeast) {
      return this.report(node, path, `${name(path)} is an empty list; name at least one.`);
    }
    if (field.atMost !== undefined && count > field.atMost) {
      return this.report(
        node,
        path,
        `${name(path)} has ${count} items, but may have at most ${field.atMost}.`,
      );
    }
    const values: unknown[] = [];
    const seen = new Set<unknown>();
    node.items.forEach((item, i) => {
      const value = this.read(field.item, item, [...path, i], item);
      if (value === undefined) return;
      if (field.distinct && typeof value === "string" && seen.has(value)) {
        const message = `${quote(value)} stands twice in ${name(path)}; remove one of them.`;
        this.report(item, [...path, i], message, null, [removal([...path, i], quote(value))]);
      }
      seen.add(value);
      values.push(value);
    });
    return values;
  }

  private object(field: ObjectField, node: TextNode, path: Path, anchor: Range, expected: string): Value {
    if (node.kind !== "object") return this.mismatch(node, path, expected);
    return this.entries(field.fields, node.entries, path, anchor, (entry) =>
      this.unknownKey(entry, field.fields, node.entries, path),
    );
  }

  /** Only the keys: their values are read where they take effect, in the run config that they make. */
  private overrides(field: OverridesField, node: TextNode, path: Path, expected: string): Value {
    if (node.kind !== "object") return this.mismatch(node, path, expected);
    const fields = field.fields();
    for (const entry of node.entries) {
      const { key, keyRange, value } = entry;
      if (key === "compare" || key === "starts") {
        this.report(
          keyRange,
          [...path, key],
          `${quote(key)} cannot stand in ${name(path)}; write it at the top level.`,
        );
      } else if (!Object.hasOwn(fields, key) && value.kind !== "broken") {
        this.unknownKey(entry, fields, node.entries, path);
      }
    }
    const named = node.entries.find(({ key }) => key === "name");
    return { name: named && this.read(fields.name, named.value, [...path, "name"], named.keyRange) };
  }

  private map(field: MapField, node: TextNode, path: Path, expected: string): Value {
    if (node.kind !== "object") return this.mismatch(node, path, expected);
    const written = new Map<string, Value>();
    for (const { key, keyRange, value } of node.entries) {
      // A second value for a key is a problem of its own.
      if (!written.has(key)) written.set(key, this.read(field.value, value, [...path, key], keyRange));
    }
    return Object.fromEntries([...written].filter(([, value]) => value !== undefined));
  }

  private variants(field: VariantsField, node: TextNode, path: Path, anchor: Range, expected: string): Value {
    const types = Object.keys(field.variants);
    if (node.kind === "string") {
      const type = suggest(node.value, types, field.synonyms);
      return this.mismatch(node, path, expected, type === null ? undefined : `{ "type": "${type}" }`);
    }
    if (node.kind !== "object") return this.mismatch(node, path, expected);

    const typeEntry = node.entries.find(({ key }) => key === "type");
    const typePath = [...path, "type"];
    let type: string | undefined = field.defaultVariant;
    if (typeEntry) {
      const written = typeEntry.value.kind === "string" ? typeEntry.value.value : "";
      type = Object.hasOwn(field.variants, written) ? written : undefined;
      if (type === undefined) {
        this.word(types, field.synonyms, typeEntry.value, typePath, choiceExpectation(types));
      }
    }
    const all = Object.fromEntries(
      types.flatMap((variant) => Object.entries(field.variants[variant].fields)),
    );
    // With a type that is not understood, the parameters of every type are.
    const fields = type === undefined ? all : field.variants[type].fields;
    const others = node.entries.filter(({ key }) => key !== "type");
    const values = this.entries(fields, others, path, anchor, (entry) => {
      const owners = types.filter((variant) => Object.hasOwn(field.variants[variant].fields, entry.key));
      if (owners.length > 0 && type !== undefined) {
        const named = enumerate(
          owners.map((owner) => `"${owner}"`),
          "and",
        );
        const other = typeEntry
          ? `"${type}"; leave it out or change the type`
          : `"${type}", the default; add a "type" or leave it out`;
        this.report(
          entry.keyRange,
          [...path, entry.key],
          `"${entry.key}" is a parameter of ${named}, not of ${other}.`,
          null,
          [
            ...owners.map((owner) => change([...path, "type"], owner)).slice(0, 2),
            removal([...path, entry.key], `"${entry.key}"`),
          ],
        );
        return null;
      }
      return this.unknownKey(entry, { type: null, ...fields }, node.entries, path);
    });
    return type === undefined ? undefined : { type, ...values };
  }

  private either(field: EitherField, node: TextNode, path: Path, anchor: Range): Value {
    const expected = expectation(field);
    const alternative = field.alternatives.find((candidate) => accepts(candidate, node));
    if (alternative) {
      // A list or an object is wrong inside, not as a whole.
      const whole = ["list", "object", "map"].includes(alternative.kind);
      const number = field.alternatives.find((candidate) => candidate.kind === "number");
      if (
        alternative.kind === "choice" &&
        node.kind === "string" &&
        number &&
        /^\s*\d+\s*$/.test(node.value)
      ) {
        return this.read(number, node, path, anchor, expected);
      }
      return this.read(alternative, node, path, anchor, whole ? undefined : expected);
    }
    // Of a single value in quotes, or without the quotes that it needs, it is clear what was meant.
    const meant = field.alternatives.find(
      ({ kind }) => kind === (node.kind === "string" ? "number" : "text"),
    );
    return meant ? this.read(meant, node, path, anchor, expected) : this.mismatch(node, path, expected);
  }

  /**
   * Reads the known keys and fills in defaults, in the order of the description whatever the order of the text;
   * reports what is missing, and hands over what is unknown.
   * @param unknown reports an unknown key and returns the known one that was probably meant
   */
  private entries(
    fields: Fields,
    entries: readonly TextEntry[],
    path: Path,
    anchor: Range,
    unknown: (entry: TextEntry) => string | null,
  ): Record<string, Value> {
    const written = new Map<string, Value>();
    const misspelt = new Set<string | null>();
    for (const entry of entries) {
      if (!Object.hasOwn(fields, entry.key)) {
        // A key without a value is still being typed.
        if (entry.value.kind !== "broken") misspelt.add(unknown(entry));
        continue;
      }
      // A second value for a key is a problem of its own.
      if (written.has(entry.key)) continue;
      written.set(entry.key, this.read(fields[entry.key], entry.value, [...path, entry.key], entry.keyRange));
    }
    // Whoever minimises a function needs no data.
    const reportMissing = !this.incomplete && !(path.length === 0 && written.has("function"));

    const values: Record<string, Value> = {};
    for (const [key, field] of Object.entries(fields)) {
      const value = written.has(key) ? written.get(key) : defaultOf(field);
      if (value !== undefined) values[key] = value;
      if (field.required && reportMissing && !written.has(key) && !misspelt.has(key)) {
        const where = path.length === 0 ? "" : ` in ${name(path)}`;
        const message = `The key "${key}"${where} is missing; it must be ${expectation(field)}.`;
        this.report(anchor, path, message, null, [], key);
      }
    }
    return values;
  }
}

/** Whether a field takes what is written, by its kind alone. */
function accepts(field: Field, node: TextNode): boolean {
  switch (field.kind) {
    case "text":
    case "choice":
      return node.kind === "string";
    case "either":
      return field.alternatives.some((alternative) => accepts(alternative, node));
    case "variants":
    case "map":
    case "overrides":
      return node.kind === "object";
    default:
      return node.kind === field.kind;
  }
}
