/** The hover texts of keys, in Markdown, read off from the description of the keys. */

import { defaultOf } from "./keys/defaults";
import { enumerate, expectation } from "./keys/field";
import type { ChoiceField, Field, Fields, VariantsField } from "./keys/field";
import { runConfigField } from "./keys/fields";

type Path = readonly (string | number)[];

/**
 * The documentation of the key at a path, for example ["optimizer", "learningRate"] or
 * ["network", "hidden", 0, "units"]; null for a path that no run config has.
 */
export function documentationOf(path: Path): string | null {
  const found = findFields(runConfigField, path);
  if (found.length === 0) return null;
  // Parameters of the same name mean different things in different schedules: each meaning is told once.
  const meanings = new Map<string, Found[]>();
  for (const place of found) {
    const meaning = meaningOf(place.field);
    meanings.set(meaning, [...(meanings.get(meaning) ?? []), place]);
  }
  return [...meanings.entries()]
    .map(([meaning, places]) => {
      const owners = places.flatMap(({ variant, of }) =>
        variant !== undefined && of ? [[variant, of] as const] : [],
      );
      const everywhere = owners.length === 0 || owners.length === Object.keys(owners[0][1].variants).length;
      const only = everywhere ? "" : `With ${codes(owners.map(([variant]) => variant))}: `;
      return paragraphs(only + meaning, mergedDefault(places));
    })
    .join("\n\n---\n\n");
}

/** The documentation of one field: what it means, what it may be, and what it is when absent. */
export function documentField(field: Field): string {
  return paragraphs(meaningOf(field), defaultSentence(field));
}

interface Found {
  field: Field;
  /** Set for a parameter that not every variant may have. */
  variant?: string;
  of?: VariantsField;
}

function findFields(field: Field, path: Path): Found[] {
  if (path.length === 0) return [{ field }];
  const [step, ...rest] = path;
  switch (field.kind) {
    case "object":
      return typeof step === "string" && Object.hasOwn(field.fields, step)
        ? findFields(field.fields[step], rest)
        : [];
    case "list":
      return typeof step === "number" ? findFields(field.item, rest) : [];
    case "map":
      return typeof step === "string" ? findFields(field.value, rest) : [];
    case "overrides": {
      const fields = field.fields();
      return typeof step === "string" && Object.hasOwn(fields, step) ? findFields(fields[step], rest) : [];
    }
    case "either":
      return field.alternatives.flatMap((alternative) => findFields(alternative, path));
    case "variants":
      if (typeof step !== "string" || rest.length > 0) return [];
      if (step === "type") return [{ field: typeField(field) }];
      return Object.entries(field.variants).flatMap(([variant, { fields }]: [string, { fields: Fields }]) =>
        Object.hasOwn(fields, step) ? [{ field: fields[step], variant, of: field }] : [],
      );
    default:
      return [];
  }
}

/** The key `type` of an object with variants, as a field of its own. */
export function typeField(field: VariantsField): ChoiceField {
  const entries = Object.entries(field.variants).map(([type, { description }]) => [type, description]);
  return {
    kind: "choice",
    description: `The kind of ${field.what.replace(/^an? /, "")}.`,
    choices: Object.fromEntries(entries) as Record<string, string>,
    default: field.defaultVariant,
  };
}

function meaningOf(field: Field): string {
  if (field.kind === "unavailable") return `${field.description} *This is not available yet.*`;
  const formula = "formula" in field && field.formula !== undefined ? code(field.formula) : "";
  return paragraphs(field.description, formula, facts(field));
}

/** What the value may be. */
function facts(field: Field): string {
  switch (field.kind) {
    case "number": {
      const unit = field.unit === undefined ? "" : ` Unit: ${field.unit}.`;
      return `${capitalise(expectation(field))}.${unit}`;
    }
    case "choice":
      return choiceList(field.choices);
    case "variants":
      return choiceList(typeField(field).choices);
    case "either":
      return field.alternatives
        .map((alternative) => facts(alternative))
        .filter((fact) => fact !== "")
        .join("\n\n");
    default:
      return "";
  }
}

function choiceList(choices: Readonly<Record<string, string>>): string {
  return Object.entries(choices)
    .map(([choice, description]) => `- \`${choice}\`: ${description}`)
    .join("\n");
}

function defaultSentence(field: Field): string {
  const value = defaultText(field);
  return value === null ? "" : `Default: ${value}.`;
}

function defaultText(field: Field): string | null {
  if (field.defaultText !== undefined) return field.defaultText;
  if (field.kind === "variants") return code(field.defaultVariant);
  if (field.kind === "object") return null;
  const value = defaultOf(field);
  return value === undefined ? null : code(JSON.stringify(value));
}

/** One sentence for the defaults of the same parameter in several variants. */
function mergedDefault(places: readonly Found[]): string {
  const byText = new Map<string | null, string[]>();
  for (const { field, variant } of places) {
    const value = defaultText(field);
    byText.set(value, [...(byText.get(value) ?? []), ...(variant === undefined ? [] : [variant])]);
  }
  if (byText.size === 1) return defaultSentence(places[0].field);
  const each = [...byText].map(([value, variants]) => `${value} with ${codes(variants)}`);
  return `Default: ${each.join(", ")}.`;
}

function paragraphs(...parts: string[]): string {
  return parts.filter((part) => part !== "").join("\n\n");
}

function code(text: string): string {
  return `\`${text}\``;
}

function codes(words: readonly string[]): string {
  return enumerate(words.map(code), "and");
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
