import js from "@eslint/js";
import boundaries from "eslint-plugin-boundaries";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/**
 * Which folder may import what: the walls that ARCHITECTURE.md describes. A folder may always import itself.
 * `imports`: other folders; `types: NAME` allows `import type` alone. `packages`: everything from outside the project.
 * A pure folder runs in any worker: beyond the language itself it may use `pureGlobals` only.
 * test/unit/architecture/ proves each wall.
 *
 * @typedef {{ at: string, pure?: true, imports: string[], packages: string[] }} Folder
 * @type {Record<string, Folder>}
 */
export const importTable = {
  config: {
    at: "src/config",
    pure: true,
    imports: [],
    packages: ["jsonc-parser", "yaml", "fastest-levenshtein"],
  },
  data: {
    at: "src/data",
    pure: true,
    imports: ["text", "types: config"],
    packages: ["papaparse", "fastest-levenshtein", "hyparquet", "hyparquet-compressors"],
  },
  text: { at: "src/text", pure: true, imports: [], packages: [] },
  engine: { at: "src/engine", pure: true, imports: [], packages: [] },
  // Before the folder that it lies in: the first that fits counts.
  functions: {
    at: "src/descent/functions",
    pure: true,
    imports: ["engine", "descent"],
    packages: ["fastest-levenshtein"],
  },
  descent: { at: "src/descent", pure: true, imports: ["engine"], packages: ["fastest-levenshtein"] },
  advice: {
    at: "src/advice",
    pure: true,
    imports: ["config", "types: data", "descent", "functions", "types: engine"],
    packages: [],
  },
  formats: { at: "src/formats", pure: true, imports: [], packages: [] },
  protocol: { at: "src/protocol", pure: true, imports: ["types: config"], packages: [] },
  run: {
    at: "src/run",
    imports: [
      "text",
      "protocol",
      "config",
      "data",
      "engine",
      "descent",
      "functions",
      "advice",
      "formats",
      "pytorch",
    ],
    packages: ["node:"],
  },
  // An engine of its own; around it is all that is around the other.
  pytorch: {
    at: "src/pytorch",
    imports: ["engine", "formats", "types: config", "types: data"],
    packages: ["node:"],
  },
  export: {
    at: "src/export",
    pure: true,
    imports: ["formats", "types: data", "types: engine", "types: run"],
    packages: [],
  },
  cli: {
    at: "src/cli",
    imports: [
      "pytorch",
      "text",
      "export",
      "run",
      "protocol",
      "config",
      "data",
      "engine",
      "descent",
      "functions",
      "advice",
      "formats",
    ],
    packages: ["node:"],
  },
  editor: {
    at: "src/editor",
    imports: [
      "text",
      "export",
      "run",
      "protocol",
      "config",
      "data",
      "engine",
      "descent",
      "functions",
      "advice",
      "formats",
    ],
    packages: ["node:", "vscode", "jsonc-parser"],
  },
  webview: {
    at: "webview",
    imports: ["protocol", "text", "functions"],
    packages: ["chart.js", "d3-contour"],
  },
};

/** Single files with a right of their own. */
export const exceptions = [
  { at: "src/extension.ts", packages: ["node:", "vscode"] },
  { at: "webview/toolkit.ts", packages: ["@vscode/webview-ui-toolkit"] },
];

export const pureGlobals = [
  "DecompressionStream",
  "TextDecoder",
  "TextEncoder",
  "WebAssembly",
  "structuredClone",
  "DOWNHILL_VERSION",
];

const folders = Object.entries(importTable);
const pureFiles = folders.filter(([, { pure }]) => pure).map(([, { at }]) => `${at}/**/*.ts`);

export default defineConfig(
  { ignores: ["dist/", ".vscode-test/", "test/reference/", "test/fixtures/", "examples/", "media/"] },
  // AssemblyScript, which has its own compiler.
  { ignores: ["src/engine/wasm/kernel/"] },
  // A package of its own, whose libraries are not installed here.
  { ignores: ["test/bench/training/"] },

  // The language.
  {
    files: ["**/*.ts", "**/*.mjs"],
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "no-console": "error",
      "no-eval": "error",
      "no-var": "error",
      "prefer-const": "error",
      "object-shorthand": "error",
      "no-undef": "off", // the type checker's work
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "separate-type-imports" }],
      "@typescript-eslint/no-import-type-side-effects": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true, allowNever: true },
      ],
      "@typescript-eslint/no-unnecessary-condition": [
        "error",
        { allowConstantLoopConditions: "only-allowed-literals" },
      ],
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off", // classes made of structural types
      "@typescript-eslint/no-unsafe-enum-comparison": "off", // our enums are plain numbers in a file format
    },
  },

  // The walls between the folders.
  {
    files: ["src/**/*.ts", "webview/**/*.ts"],
    plugins: { boundaries },
    settings: {
      "import/resolver": { node: { extensions: [".ts", ".mjs", ".js", ".json"] } },
      "boundaries/elements": folders.map(([type, { at }]) => ({ type, pattern: at, partialMatch: false })),
    },
    rules: {
      "boundaries/dependencies": ["error", { default: "allow", policies: folders.flatMap(wallsOf) }],
      "boundaries/no-unknown-files": "error", // a new folder needs a line in the table
    },
  },
  folders.map(([, { at, packages }]) => onlyPackages(`${at}/**/*.ts`, packages)),
  exceptions.map(({ at, packages }) => onlyPackages(at, packages)),
  {
    files: pureFiles,
    languageOptions: {
      globals: Object.fromEntries(pureGlobals.map((name) => [name, "readonly"])),
      parserOptions: { lib: ["es2023"] },
    },
    rules: {
      "no-undef": "error", // the type checker knows the names of Node and of the DOM
      "no-restricted-globals": ["error", "globalThis"],
    },
  },
  {
    files: ["src/extension.ts", "src/globals.d.ts"],
    rules: { "boundaries/no-unknown-files": "off" },
  },

  // Where the rules bend.
  {
    files: ["src/engine/elementary.ts"],
    rules: { "no-loss-of-precision": "off" }, // constants with the digits of their source
  },
  {
    files: ["scripts/**", "src/cli/**", "test/bench/**", "test/editor/**"],
    rules: { "no-console": "off" },
  },
  {
    files: ["**/*.mjs"],
    rules: {
      // JSON.parse and JavaScript without annotations are `any` all over.
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  {
    files: ["test/**"],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-empty-function": "off",
      "@typescript-eslint/no-floating-promises": [
        "error",
        { allowForKnownSafeCalls: [{ from: "package", name: ["it", "describe"], package: "mocha" }] },
      ],
    },
  },
);

/** @param {[string, Folder]} folder */
function wallsOf([name, { at, imports }]) {
  return folders
    .filter(([other]) => other !== name && !imports.includes(other))
    .map(([other, { at: otherAt }]) => {
      const typesAllowed = imports.includes(`types: ${other}`);
      return {
        from: { element: { type: name } },
        disallow: {
          to: { element: { type: other } },
          ...(typesAllowed && { dependency: { kind: "!type" } }),
        },
        message: `${at} may not import ${typesAllowed ? "more than types from " : ""}${otherAt}: see the table in eslint.config.mjs.`,
      };
    });
}

/**
 * @param {string} files
 * @param {string[]} packages
 * @returns {import("eslint").Linter.Config}
 */
function onlyPackages(files, packages) {
  const allowed = packages.map((name) => (name.endsWith(":") ? name : `${name}(?:/|$)`));
  const message = `Only ${packages.join(", ") || "nothing"} may be imported here from outside the project: see the table in eslint.config.mjs.`;
  return {
    files: [files],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ regex: `^(?!${["\\.", ...allowed].join("|")})|^\\.\\./webview/`, message }] },
      ],
    },
  };
}
