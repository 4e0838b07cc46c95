/**
 * The JSON schema of run configs, for completion and hover only. It accepts everything: what is wrong is found by
 * `validate.ts`, and no mistake should be reported twice. So it has no types, ranges or required keys, and a list
 * of words stands beside an alternative that takes anything.
 */

import { defaultOf } from "./keys/defaults";
import { documentField, typeField } from "./documentation";
import type { Field, Fields, ListField, ObjectField, VariantsField } from "./keys/field";
import { runConfigField } from "./keys/fields";

interface Snippet {
  label: string;
  description?: string;
  body?: unknown;
  /** In the editor's snippet syntax. */
  bodyText?: string;
}

/** The keywords of JSON schema, and of the editor's extension of it, that are used here. */
interface JsonSchema {
  $schema?: string;
  $ref?: string;
  $comment?: string;
  title?: string;
  description?: string;
  markdownDescription?: string;
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  enum?: unknown[];
  const?: unknown;
  markdownEnumDescriptions?: string[];
  anyOf?: JsonSchema[];
  allOf?: JsonSchema[];
  if?: JsonSchema;
  then?: JsonSchema;
  required?: string[];
  default?: unknown;
  examples?: unknown[];
  defaultSnippets?: Snippet[];
  doNotSuggest?: boolean;
  allowComments?: boolean;
  allowTrailingCommas?: boolean;
}

/** The schema as plain JSON. */
export function runConfigSchema(): JsonSchema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $comment:
      "Generated from the description of the run config's keys. It helps writing and never complains.",
    title: "Downhill run config",
    markdownDescription: runConfigField.description,
    allowComments: true,
    allowTrailingCommas: true,
    defaultSnippets: rootSnippets,
    properties: properties(runConfigField.fields),
  };
}

const rootSnippets: Snippet[] = [
  {
    label: "Run config",
    description: "A data file and its target; everything else has a default",
    bodyText: '{\n\t"data": {\n\t\t"file": "${1:data.csv}",\n\t\t"target": "${2:target}"\n\t}$0\n}',
  },
  {
    label: "Run config with network and optimizer",
    description: "The keys that are changed most often",
    bodyText:
      '{\n\t"data": {\n\t\t"file": "${1:data.csv}",\n\t\t"target": "${2:target}"\n\t},\n' +
      '\t"network": { "hidden": [${3:16}] },\n' +
      '\t"optimizer": { "type": "${4:adam}", "learningRate": ${5:0.01} },\n' +
      '\t"batchSize": ${6:32},\n\t"epochs": ${7:100}$0\n}',
  },
  {
    label: "Run config of a function",
    description: "A function of several variables to minimise, where the descent begins, and how",
    bodyText:
      '{\n\t"function": {\n\t\t"expression": "${1:(1-x)^2 + 100*(y-x^2)^2}",\n' +
      '\t\t"start": { "${2:x}": ${3:-1.2}, "${4:y}": ${5:1} },\n' +
      '\t\t"domain": { "${2:x}": [${6:-2}, ${7:2}], "${4:y}": [${8:-1}, ${9:3}] }\n\t},\n' +
      '\t"optimizer": { "type": "${10:sgd}", "learningRate": ${11:0.001} },\n' +
      '\t"steps": ${12:2000}$0\n}',
  },
];

function properties(fields: Fields): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, keySchema(key, field)]));
}

function keySchema(key: string, field: Field): JsonSchema {
  const value = defaultOf(field);
  const simple = field.kind !== "object" && field.kind !== "variants" && value !== undefined;
  return {
    title: titleOf(key),
    markdownDescription: documentField(field),
    ...shape(field),
    ...(simple && { default: value }),
    ...(field.examples && { examples: [...field.examples] }),
    ...(field.kind === "unavailable" && { doNotSuggest: true }),
  };
}

/** What the value looks like, without ever excluding another. */
function shape(field: Field): JsonSchema {
  switch (field.kind) {
    case "text":
      return { defaultSnippets: [{ label: '""', body: "$1" }] };
    case "boolean":
      return { anyOf: [{ enum: [true, false] }, {}] };
    case "choice":
      return words(field.choices);
    case "list":
      return {
        items: itemSchema(field),
        ...(field.item.kind === "text" && { defaultSnippets: [{ label: '[""]', body: ["$1"] }] }),
      };
    case "object":
      return { properties: properties(field.fields), defaultSnippets: [objectSnippet(field)] };
    case "map":
      return { defaultSnippets: [{ label: "{ }", description: field.description, bodyText: "{\n\t$1\n}" }] };
    case "variants":
      return variantsShape(field);
    case "overrides":
      return {
        properties: overrides(field.fields()),
        defaultSnippets: [{ label: "{ }", description: field.description, bodyText: '{ "name": "$1", $2 }' }],
      };
    case "either":
      return merged(field.alternatives.map(shape));
    default:
      return {};
  }
}

/** The run config's own keys are described where they stand in it. */
function overrides(fields: Fields): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, field]) => [
      key,
      Object.hasOwn(runConfigField.fields, key) ? { $ref: `#/properties/${key}` } : keySchema(key, field),
    ]),
  );
}

function words(choices: Readonly<Record<string, string>>): JsonSchema {
  const descriptions = Object.values(choices);
  return {
    anyOf: [{ enum: Object.keys(choices), markdownEnumDescriptions: descriptions }, {}],
    // The editor completes a key with its colon only where it sees a value to propose, and not inside of anyOf.
    defaultSnippets: Object.entries(choices).map(([choice, description]) => ({
      label: `"${choice}"`,
      description,
      body: choice,
    })),
  };
}

/** One shape that has all that the alternatives have; since none excludes anything, neither does their union. */
function merged(shapes: readonly JsonSchema[]): JsonSchema {
  const snippets = shapes.flatMap(({ defaultSnippets }) => defaultSnippets ?? []);
  return {
    ...(Object.assign({}, ...shapes) as JsonSchema),
    ...(snippets.length > 0 && { defaultSnippets: snippets }),
  };
}

function itemSchema({ item }: ListField): JsonSchema {
  return { markdownDescription: item.description, ...shape(item) };
}

function variantsShape(field: VariantsField): JsonSchema {
  return {
    properties: { type: keySchema("type", typeField(field)) },
    allOf: Object.entries(field.variants).map(([type, variant]) => ({
      if: {
        properties: { type: { const: type, doNotSuggest: true } },
        // The default's parameters are offered without a type as well.
        ...(type !== field.defaultVariant && { required: ["type"] }),
      },
      then: { properties: properties(variant.fields) },
    })),
    defaultSnippets: Object.entries(field.variants).map(([type, variant]) => ({
      label: type,
      description: variant.description,
      body: { type, ...mainParameters(variant.fields) },
    })),
  };
}

/** The parameters that are worth writing down at once: those with a default other than 0 that comes first. */
function mainParameters(fields: Fields): Record<string, unknown> {
  const [key] = Object.keys(fields);
  const value = defaultOf(fields[key]);
  return value === undefined || value === 0 ? {} : { [key]: value };
}

/** The required keys to fill in, or an empty object to be completed. */
function objectSnippet(field: ObjectField): Snippet {
  const required = Object.keys(field.fields).filter((key) => field.fields[key].required);
  const places = required.map((key, i) => [
    key,
    field.fields[key].kind === "number" ? `^$${i + 1}` : `$${i + 1}`,
  ]);
  return {
    label: "{ }",
    description: field.description,
    ...(required.length > 0 ? { body: Object.fromEntries(places) as object } : { bodyText: "{\n\t$1\n}" }),
  };
}

/** "learningRate" → "Learning rate". */
function titleOf(key: string): string {
  const spaced = key
    .replace(/^\$/, "")
    .replace(/([a-z])([A-Z0-9])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
