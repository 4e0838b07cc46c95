import assert from "node:assert/strict";
import type { Field, Fields } from "../../../src/config/keys/field";
import { runConfigField } from "../../../src/config/keys/fields";
import { parseRunConfig } from "../../../src/config/parse";
import { runConfigSchema } from "../../../src/config/schema";

type Json = Record<string, unknown>;

/** Every schema in a schema with its path, except those of conditions, which judge nothing. */
function* schemas(schema: unknown, path = ""): Generator<[string, Json]> {
  assert.ok(typeof schema === "object" && schema !== null);
  const json = schema as Json;
  yield [path, json];
  for (const [key, inner] of Object.entries((json.properties ?? {}) as Json))
    yield* schemas(inner, `${path}/${key}`);
  for (const keyword of ["items", "then"])
    if (json[keyword]) yield* schemas(json[keyword], `${path}/${keyword}`);
  for (const keyword of ["anyOf", "allOf"]) {
    for (const [i, inner] of ((json[keyword] ?? []) as unknown[]).entries())
      yield* schemas(inner, `${path}/${keyword}${i}`);
  }
}

const schema = runConfigSchema() as unknown as Json;

/** The schemas of the keys, by dotted path, those of variants under "optimizer(adam)". */
function keySchemas(json: Json, path = ""): Map<string, Json> {
  const found = new Map<string, Json>();
  const add = (properties: unknown, prefix: string) => {
    for (const [key, inner] of Object.entries((properties ?? {}) as Record<string, Json>)) {
      if (inner.$ref !== undefined) {
        // Described where it stands in the run config itself.
        assert.equal(inner.$ref, `#/properties/${key}`);
        assert.ok(Object.hasOwn(schema.properties as Json, key), key);
        continue;
      }
      found.set(`${prefix}${key}`, inner);
      for (const [deeper, value] of keySchemas(inner, `${prefix}${key}.`)) found.set(deeper, value);
    }
  };
  add(json.properties, path);
  add((json.items as Json | undefined)?.properties, path);
  for (const condition of (json.allOf ?? []) as {
    if: { properties: { type: { const: string } } };
    then: Json;
  }[]) {
    add(condition.then.properties, `${path.slice(0, -1)}(${condition.if.properties.type.const}).`);
  }
  return found;
}

function fieldPaths(fields: Fields, path = ""): string[] {
  const inside = (field: Field, prefix: string): string[] => {
    switch (field.kind) {
      case "object":
        return fieldPaths(field.fields, `${prefix}.`);
      case "list":
        return inside(field.item, prefix);
      case "either":
        return field.alternatives.flatMap((alternative) => inside(alternative, prefix));
      case "variants":
        return [
          `${prefix}.type`,
          ...Object.entries(field.variants).flatMap(([type, variant]) =>
            fieldPaths(variant.fields, `${prefix}(${type}).`),
          ),
        ];
      case "overrides":
        return [`${prefix}.name`];
      default:
        return [];
    }
  };
  return Object.entries(fields).flatMap(([key, field]) => [
    `${path}${key}`,
    ...inside(field, `${path}${key}`),
  ]);
}

describe("the JSON schema", () => {
  const keys = keySchemas(schema);

  it("describes every key and no other", () => {
    assert.deepEqual([...keys.keys()].sort(), fieldPaths(runConfigField.fields).sort());
    assert.ok(keys.size > 80);
  });

  it("has a title and a text for every key", () => {
    for (const [path, { title, markdownDescription }] of keys) {
      assert.match(String(title), /^[A-Z]/, path);
      assert.match(String(markdownDescription), /^.*\.(\n|$|\*)/, path);
    }
    assert.equal(keys.get("gradientClipNorm")?.title, "Gradient clip norm");
  });

  it("finds nothing wrong with any text", () => {
    const judging =
      /^(type|const|minimum|maximum|exclusive.*|minLength|maxLength|minItems|maxItems|uniqueItems|pattern|format)$/;
    const alsoJudging =
      /^(additionalProperties|unevaluated.*|propertyNames|dependen.*|required|oneOf|not|else|contains|multipleOf)$/;
    for (const [path, json] of schemas(schema)) {
      for (const keyword of Object.keys(json)) {
        assert.ok(!judging.test(keyword) && !alsoJudging.test(keyword), `${path}: ${keyword}`);
      }
      // A list of words is one alternative of two, and the other one takes anything.
      if (json.enum) assert.match(path, /\/anyOf0$/);
      if (json.anyOf) assert.deepEqual((json.anyOf as unknown[]).at(-1), {}, path);
    }
    assert.equal(schema.allowComments, true);
    assert.equal(schema.allowTrailingCommas, true);
  });

  it("offers each word with its description", () => {
    const type = keys.get("optimizer.type");
    const [{ enum: words, markdownEnumDescriptions }] = type?.anyOf as {
      enum: string[];
      markdownEnumDescriptions: string[];
    }[];
    assert.deepEqual(words, ["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw", "adagrad"]);
    assert.equal(markdownEnumDescriptions.length, words.length);
    const snippets = type?.defaultSnippets as { label: string; body: string; description: string }[];
    assert.deepEqual(
      snippets.map(({ body }) => body),
      words,
    );
  });

  it("has the defaults of the parser", () => {
    const { config } = parseRunConfig('{ "data": { "file": "a.csv", "target": "b" } }', "json");
    assert.ok(config);
    const { data, network } = config;
    const expected: Record<string, unknown> = {
      epochs: config.epochs,
      batchSize: config.batchSize,
      seed: config.seed,
      shuffle: config.shuffle,
      "data.standardize": data.standardize,
      "data.missing": data.missing,
      "data.split.validation": data.split.validation,
      "data.split.test": data.split.test,
      "network.dropout": network.dropout,
      "network.initializer": network.initializer,
      "network.hidden": network.hidden.map(({ units }) => units),
      "network.activation": network.hidden[0].activation,
      "optimizer.type": config.optimizer.type,
      "optimizer(adam).learningRate": config.optimizer.learningRate,
      "schedule(constant).warmupSteps": config.schedule.warmupSteps,
    };
    for (const [path, value] of Object.entries(expected))
      assert.deepEqual(keys.get(path)?.default, value, path);
  });

  it("offers snippets that are valid run configs", () => {
    const filled = (snippet: string) => snippet.replace(/\$\{\d+:([^}]*)\}/g, "$1").replace(/\$\d+/g, "");
    for (const { bodyText } of schema.defaultSnippets as { bodyText: string }[]) {
      assert.deepEqual(parseRunConfig(filled(bodyText), "json").problems, []);
    }
    const bodies = (path: string) => keys.get(path)?.defaultSnippets as { body: unknown }[];
    for (const section of ["optimizer", "schedule", "engine"]) {
      for (const { body } of bodies(section)) {
        const text = JSON.stringify({ data: { file: "a.csv", target: "b" }, [section]: body });
        assert.deepEqual(parseRunConfig(text, "json").problems, [], text);
      }
    }
  });

  it("does not offer what is not available yet, and still explains it", () => {
    for (const path of ["folds", "engine(builtin).fastMath"]) {
      assert.equal(keys.get(path)?.doNotSuggest, true, path);
      assert.match(String(keys.get(path)?.markdownDescription), /not available yet/);
    }
    assert.equal(keys.get("epochs")?.doNotSuggest, undefined);
  });

  it("is plain JSON", () => {
    assert.deepEqual(JSON.parse(JSON.stringify(schema)), schema);
  });

  it("has examples that the parser takes", () => {
    for (const [path, { examples }] of keys) {
      if (!examples || path.includes("(")) continue;
      for (const example of examples as unknown[]) {
        const ofFunction = /^(function\.|steps|gradientTolerance)/.test(path);
        const config: Json = ofFunction
          ? { function: { expression: "x" } }
          : { data: { file: "a.csv", target: "b" } };
        let place = config;
        if (path.startsWith("compare.")) continue;
        const steps = path.split(".");
        for (const step of steps.slice(0, -1)) place = (place[step] ??= step === "hidden" ? {} : {}) as Json;
        place[steps[steps.length - 1]] = example;
        if (path.startsWith("network.hidden."))
          config.network = { hidden: [(config.network as Json).hidden] };
        assert.deepEqual(parseRunConfig(JSON.stringify(config), "json").problems, [], path);
      }
    }
  });
});
