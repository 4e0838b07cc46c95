import type { Field, Fields } from "./field";

/** What an absent key stands for; undefined where it has no value. */
export function defaultOf(field: Field): unknown {
  if (field.optional || field.required) return undefined;
  switch (field.kind) {
    case "object":
      return defaultsOf(field.fields);
    case "variants":
      return { type: field.defaultVariant, ...defaultsOf(field.variants[field.defaultVariant].fields) };
    case "unavailable":
    case "map":
    case "overrides":
      return undefined;
    case "list":
      return structuredClone(field.default);
    default:
      return field.default;
  }
}

function defaultsOf(fields: Fields): Record<string, unknown> {
  const values = Object.entries(fields).map(([key, field]) => [key, defaultOf(field)] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}
