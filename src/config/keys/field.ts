/**
 * The vocabulary in which `fields.ts` describes the keys of a run config. A field is plain data; validation,
 * defaults, the JSON schema and the hover texts are four readings of it.
 */

interface Described {
  /** Markdown, one or two sentences. */
  readonly description: string;
  /** What it stands for in the mathematics: "θ ← θ − ηg". */
  readonly formula?: string;
  /** Other names that people type for this key: answered with "did you mean". */
  readonly aliases?: readonly string[];
  /** May be left out and then has no value at all. */
  readonly optional?: true;
  /** Must be written. */
  readonly required?: true;
  /** Said in the documentation where the default is computed from something else. */
  readonly defaultText?: string;
  /** What completion offers beside the default. */
  readonly examples?: readonly unknown[];
}

export interface TextField extends Described {
  readonly kind: "text";
  /** What the text names, with its article: "a file", "a column". */
  readonly what: string;
  /** What it must be, where that is not the name of something. */
  readonly expected?: string;
  readonly default?: string;
}

export interface NumberField extends Described {
  readonly kind: "number";
  readonly integer?: true;
  readonly atLeast?: number;
  readonly above?: number;
  /** A technical limit far from sensible values: mentioned only where it is passed. */
  readonly atMost?: number;
  readonly below?: number;
  readonly unit?: string;
  readonly default?: number;
}

export interface BooleanField extends Described {
  readonly kind: "boolean";
  readonly default?: boolean;
}

/** One word of several, each with its description. */
export interface ChoiceField extends Described {
  readonly kind: "choice";
  readonly choices: Readonly<Record<string, string>>;
  /** Known words that cannot be used yet. */
  readonly later?: Readonly<Record<string, string>>;
  /** Other names that people type for a choice. */
  readonly synonyms?: Readonly<Record<string, string>>;
  readonly default?: string;
}

export interface ListField extends Described {
  readonly kind: "list";
  readonly item: Field;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** So many items, neither more nor fewer. */
  readonly exactly?: number;
  /** Items are texts and none may stand there twice. */
  readonly distinct?: true;
  readonly default?: readonly unknown[];
}

export type Fields = Readonly<Record<string, Field>>;

export interface ObjectField extends Described {
  readonly kind: "object";
  readonly fields: Fields;
}

/** An object whose keys the user chooses. */
export interface MapField extends Described {
  readonly kind: "map";
  /** What a key names, with its article: "a variable". */
  readonly keys: string;
  readonly value: Field;
}

export interface Variant {
  readonly description: string;
  readonly fields: Fields;
}

/** An object whose key `type` says which other keys it has. */
export interface VariantsField extends Described {
  readonly kind: "variants";
  /** What the variants are called, with an article: "an optimizer". */
  readonly what: string;
  readonly variants: Readonly<Record<string, Variant>>;
  readonly synonyms?: Readonly<Record<string, string>>;
  readonly defaultVariant: string;
}

/** Alternatives, told apart by what is written: a number, a text, a list or an object. */
export interface EitherField extends Described {
  readonly kind: "either";
  readonly alternatives: readonly Field[];
  readonly default?: unknown;
}

/** An object with keys of the run config that it stands in, each in the place of what is written there. */
export interface OverridesField extends Described {
  readonly kind: "overrides";
  /** A function, as the run config's own description has such objects in it. */
  readonly fields: () => Fields;
}

/** A key that is known, documented and refused until it can be used. */
export interface UnavailableField extends Described {
  readonly kind: "unavailable";
}

export type Field =
  | TextField
  | NumberField
  | BooleanField
  | ChoiceField
  | ListField
  | ObjectField
  | MapField
  | VariantsField
  | EitherField
  | OverridesField
  | UnavailableField;

/** The type of a field's value, so that what the validator returns is checked against `RunConfig`. */
export type ValueOf<F> = F extends { kind: "text" }
  ? string
  : F extends { kind: "number" }
    ? number
    : F extends { kind: "boolean" }
      ? boolean
      : F extends { kind: "choice"; choices: infer C }
        ? keyof C & string
        : F extends { kind: "list"; item: infer I }
          ? ValueOf<I>[]
          : F extends { kind: "object"; fields: infer O }
            ? ValuesOf<O>
            : F extends { kind: "map"; value: infer V }
              ? Record<string, ValueOf<V>>
              : F extends { kind: "variants"; variants: infer V }
                ? {
                    [T in keyof V]: { type: T } & (V[T] extends { fields: infer O } ? ValuesOf<O> : never);
                  }[keyof V]
                : F extends { kind: "either"; alternatives: readonly (infer A)[] }
                  ? ValueOf<A>
                  : F extends { kind: "overrides" }
                    ? { name?: string }
                    : never;

export type ValuesOf<O> = {
  [K in keyof O as O[K] extends { optional: true } | { kind: "unavailable" } ? never : K]: ValueOf<O[K]>;
} & {
  [K in keyof O as O[K] extends { optional: true } ? K : never]?: ValueOf<O[K]>;
};

/** Gives a description its exact type while checking its shape. */
export function define<const F extends Field>(field: F): F {
  return field;
}

export function defineAll<const F extends Fields>(fields: F): F {
  return fields;
}

/** `["a", "b", "c"]` → `a, b or c`. */
export function enumerate(words: readonly string[], conjunction: "and" | "or"): string {
  if (words.length <= 1) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${conjunction} ${words[words.length - 1]}`;
}

/** What a value of the field must be, to stand after "must be". */
export function expectation(field: Field): string {
  switch (field.kind) {
    case "text":
      return field.expected ?? `the name of ${field.what}`;
    case "number":
      return numberExpectation(field);
    case "boolean":
      return "true or false";
    case "choice":
      return choiceExpectation(Object.keys(field.choices));
    case "list":
      return listExpectation(field);
    case "object":
      return objectExpectation(field);
    case "map":
      return `an object with ${withoutNumber(expectation(field.value))} for each ${field.keys.replace(/^an? /, "")}`;
    case "variants":
      return `an object with the "type" of ${field.what}`;
    case "either":
      return enumerate(field.alternatives.map(expectation), "or");
    case "overrides":
      return "an object with keys of the run config";
    case "unavailable":
      return "left out";
  }
}

export function choiceExpectation(choices: readonly string[]): string {
  const quoted = choices.map((choice) => `"${choice}"`);
  return quoted.length === 1 ? quoted[0] : `one of ${enumerate(quoted, "or")}`;
}

function numberExpectation(field: NumberField): string {
  const noun = field.integer ? "a whole number" : "a number";
  const bounds: string[] = [];
  if (field.above !== undefined) bounds.push(`above ${field.above}`);
  if (field.atLeast !== undefined) bounds.push(`of at least ${field.atLeast}`);
  if (field.below !== undefined) bounds.push(`below ${field.below}`);
  return bounds.length === 0 ? noun : `${noun} ${enumerate(bounds, "and")}`;
}

/** "a number of at least 0" → "a number": the bounds are told where they are passed. */
function withoutNumber(expected: string): string {
  return expected.replace(/ (of at least|above|below) .*$/, "");
}

function listExpectation(field: ListField): string {
  if (field.exactly === 2 && field.item.kind === "number") return "a list of two numbers";
  if (field.item.kind === "text") return `a list of ${field.item.what.replace(/^an? /, "")} names`;
  return "a list";
}

function objectExpectation(field: ObjectField): string {
  const required = Object.keys(field.fields).filter((key) => field.fields[key].required);
  if (required.length === 0) return "an object";
  return `an object with ${enumerate(
    required.map((key) => `"${key}"`),
    "and",
  )}`;
}

/** Whether a number lies in the field's range. NaN and the infinities never do. */
export function numberFits(field: NumberField, value: number): boolean {
  return (
    Number.isFinite(value) &&
    (!field.integer || Number.isInteger(value)) &&
    (field.atLeast === undefined || value >= field.atLeast) &&
    (field.above === undefined || value > field.above) &&
    (field.atMost === undefined || value <= field.atMost) &&
    (field.below === undefined || value < field.below)
  );
}
