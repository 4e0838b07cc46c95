/** The walls between the folders, proved by snippets that break them. */
import assert from "node:assert/strict";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ESLint } from "eslint";
import tseslint from "typescript-eslint";

interface LintConfig {
  importTable: Record<string, { at: string; pure?: true; imports: string[]; packages: string[] }>;
}

/** Files that exist, so that the resolver finds them. */
const someFile: Record<string, string> = {
  config: "src/config/runConfig",
  data: "src/data/samples",
  engine: "src/engine/engine",
  text: "src/text/oneLine",
  descent: "src/descent/path",
  functions: "src/descent/functions/descent",
  advice: "src/advice/advise",
  formats: "src/formats/safetensors",
  protocol: "src/protocol/run",
  pytorch: "src/pytorch/spec",
  run: "src/run/trainer",
  export: "src/export/model",
  cli: "src/cli/main",
  editor: "src/editor/commands",
  webview: "webview/store",
};

/** Written out once more, by hand, from ARCHITECTURE.md: a slip in the table does not prove itself right. */
const expected: Record<string, string[]> = {
  config: [],
  data: ["text", "types: config"],
  text: [],
  engine: [],
  descent: ["engine"],
  functions: ["descent", "engine"],
  advice: ["config", "descent", "functions", "types: data", "types: engine"],
  formats: [],
  protocol: ["types: config"],
  pytorch: ["engine", "formats", "types: config", "types: data"],
  run: [
    "advice",
    "config",
    "data",
    "descent",
    "engine",
    "formats",
    "functions",
    "protocol",
    "pytorch",
    "text",
  ],
  export: ["formats", "types: data", "types: engine", "types: run"],
  cli: [
    "advice",
    "config",
    "data",
    "descent",
    "engine",
    "export",
    "formats",
    "functions",
    "protocol",
    "pytorch",
    "run",
    "text",
  ],
  editor: [
    "advice",
    "config",
    "data",
    "descent",
    "engine",
    "export",
    "formats",
    "functions",
    "protocol",
    "run",
    "text",
  ],
  webview: ["functions", "protocol", "text"],
};

describe("The import table", function () {
  this.timeout(60_000);
  let table: LintConfig["importTable"];
  let eslint: ESLint;

  before(async () => {
    const file = path.join(DOWNHILL_ROOT, "eslint.config.mjs");
    table = ((await import(pathToFileURL(file).href)) as LintConfig).importTable;
    eslint = new ESLint({
      cwd: DOWNHILL_ROOT,
      // The snippets are in no project, and their types do not matter here.
      overrideConfig: [
        tseslint.configs.disableTypeChecked,
        { languageOptions: { parserOptions: { projectService: false } } },
      ] as ESLint.Options["overrideConfig"],
    });
  });

  async function complaints(filePath: string, text: string): Promise<string[]> {
    const [result] = await eslint.lintText(text, { filePath: path.join(DOWNHILL_ROOT, filePath) });
    return result.messages.map(({ ruleId }) => ruleId ?? "syntax");
  }

  function importOf(from: string, to: string, what = "{ something }"): string {
    const target = path.posix.relative(path.posix.dirname(from), to);
    return `import ${what} from "${target.startsWith(".") ? target : `./${target}`}";\nexport { something };\n`;
  }

  const boundary = "boundaries/dependencies";

  it("says what the architecture says", () => {
    const actual = Object.fromEntries(
      Object.entries(table).map(([name, { imports }]) => [name, [...imports].sort()]),
    );
    assert.deepEqual(actual, expected);
    assert.deepEqual(
      Object.keys(table).filter((name) => table[name].pure),
      ["config", "data", "text", "engine", "functions", "descent", "advice", "formats", "protocol", "export"],
    );
  });

  for (const from of Object.keys(expected)) {
    for (const to of Object.keys(expected)) {
      if (from === to) continue;
      const allowed = expected[from].includes(to);
      const types = expected[from].includes(`types: ${to}`);
      it(`${from} ${allowed ? "may import" : types ? "may import only types of" : "may not import"} ${to}`, async () => {
        const file = `${path.posix.dirname(someFile[from])}/deeper/snippet.ts`;
        const values = await complaints(file, importOf(file, someFile[to]));
        assert.equal(values.includes(boundary), !allowed, values.join());
        const onlyTypes = await complaints(file, importOf(file, someFile[to], "type { something }"));
        assert.equal(onlyTypes.includes(boundary), !allowed && !types, onlyTypes.join());
      });
    }
  }

  it("lets a folder import itself", async () => {
    assert.deepEqual(
      await complaints("src/config/a.ts", importOf("src/config/a.ts", "src/config/runConfig")),
      [],
    );
  });

  it("keeps vscode to src/editor and src/extension.ts", async () => {
    const text = 'import * as vscode from "vscode";\nexport { vscode };\n';
    for (const name of Object.keys(expected)) {
      const found = await complaints(`${path.posix.dirname(someFile[name])}/snippet.ts`, text);
      assert.equal(found.includes("no-restricted-imports"), name !== "editor", name);
    }
    assert.deepEqual(await complaints("src/extension.ts", text), []);
  });

  it("keeps the toolkit to webview/toolkit.ts", async () => {
    const text = 'import { Button } from "@vscode/webview-ui-toolkit";\nexport { Button };\n';
    assert.deepEqual(await complaints("webview/toolkit.ts", text), []);
    for (const file of [
      "webview/panel.ts",
      "webview/panel/header.ts",
      "src/editor/panels.ts",
      "src/extension.ts",
    ])
      assert.deepEqual(await complaints(file, text), ["no-restricted-imports"], file);
  });

  it("keeps the extension's entry from the webview", async () => {
    const text = importOf("src/extension.ts", "webview/store");
    assert.deepEqual(await complaints("src/extension.ts", text), ["no-restricted-imports"]);
  });

  for (const name of ["config", "data", "engine", "functions", "descent", "formats", "protocol"]) {
    describe(`${name} is pure`, () => {
      const file = `${path.posix.dirname(someFile[name])}/snippet.ts`;

      for (const module of ["node:fs", "fs", "node:path", "worker_threads"]) {
        it(`may not import ${module}`, async () => {
          const found = await complaints(file, `import something from "${module}";\nexport { something };\n`);
          assert.deepEqual(found, ["no-restricted-imports"]);
        });
      }

      for (const global of [
        "process",
        "Buffer",
        "window",
        "document",
        "performance",
        "setTimeout",
        "fetch",
      ]) {
        it(`may not use ${global}`, async () => {
          assert.deepEqual(await complaints(file, `export const something = ${global};\n`), ["no-undef"]);
        });
      }

      it("may not reach them through globalThis", async () => {
        const found = await complaints(file, "export const something = globalThis;\n");
        assert.deepEqual(found, ["no-restricted-globals"]);
      });

      it("may use the language, and what every worker has", async () => {
        const text =
          "export const something = [Math.exp(1), new SharedArrayBuffer(8), new Float32Array(2), new TextDecoder()];\n";
        assert.deepEqual(await complaints(file, text), []);
      });
    });
  }

  it("asks for a line in the table for a new folder", async () => {
    assert.deepEqual(await complaints("src/elsewhere/snippet.ts", "export const something = 1;\n"), [
      "boundaries/no-unknown-files",
    ]);
  });
});
