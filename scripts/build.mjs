// Bundles everything that runs (extension, worker, command line, webviews) and writes the JSON schema of run configs.
// Options: --production (minified, no maps), --watch. Tests are bundled by scripts/unit.mjs and scripts/editorTests.mjs.
import { build, context } from "esbuild";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { buildKernel } from "./kernel.mjs";
import { lazyLibrary } from "./lazyLibrary.mjs";
import { writeNotices } from "./notices.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
const production = process.argv.includes("--production");
const watch = process.argv.includes("--watch");

/** @type {import("esbuild").BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  minify: production,
  sourcemap: production ? false : "linked",
  legalComments: "none",
  loader: { ".wasm": "binary" },
  logLevel: "warning",
  define: { DOWNHILL_VERSION: JSON.stringify(version) },
};

/** @type {import("esbuild").BuildOptions} */
const node = {
  ...common,
  platform: "node",
  target: "node20",
  format: "cjs",
  // Bundles that lie beside the others are loaded when something in them is first used.
  external: ["vscode", "./onDemand", "./parquetLibrary", "./yamlLibrary"],
  plugins: [lazyLibrary("yaml", "yamlLibrary")],
  // It becomes a require: a native import would want the file's extension.
  supported: { "dynamic-import": false },
  outdir: "dist",
};

/** @type {import("esbuild").BuildOptions} */
const browser = {
  ...common,
  platform: "browser",
  target: "chrome120",
  // What several pages use, chart.js above all, is there once.
  format: "esm",
  splitting: true,
  outdir: "dist/webview",
};

/** @type {import("esbuild").BuildOptions[]} */
const builds = [
  {
    ...node,
    entryPoints: {
      extension: "src/extension.ts",
      onDemand: "src/editor/onDemand.ts",
      parquetLibrary: "src/data/readers/parquetLibrary.ts",
      yamlLibrary: "yaml",
      worker: "src/run/worker.ts",
      workerStart: "src/run/workerStart.ts",
      kernelThread: "src/run/kernelThread.ts",
      pythonThread: "src/pytorch/pythonThread.ts",
      cli: "src/cli/main.ts",
    },
  },
  {
    ...browser,
    entryPoints: {
      panel: "webview/panel.ts",
      side: "webview/side.ts",
      describe: "webview/describe.ts",
      compare: "webview/compare.ts",
    },
  },
];

try {
  // Shared pieces are named by their contents: those of earlier builds would be shipped too.
  rmSync(path.join(root, "dist/webview"), { recursive: true, force: true });
  buildKernel();
  await writeSchema();
  copyStarter();
  await bundle();
} catch (error) {
  // esbuild has printed already what is wrong and where.
  if (error instanceof Error && !("errors" in error)) console.error(error.message);
  process.exit(1);
}

async function bundle() {
  /** @type {Set<string>} */
  const inputs = new Set();
  for (const options of builds) {
    const bundle = await context({ ...options, metafile: true });
    if (watch) await bundle.watch();
    else {
      const { metafile } = await bundle.rebuild().finally(() => bundle.dispose());
      for (const input of Object.keys(metafile.inputs)) inputs.add(input);
    }
  }
  if (production) writeNotices(root, inputs, path.join(root, "dist/ThirdPartyNotices.txt"));
}

/** The examples that the extension brings along, for workspaces that have none. */
function copyStarter() {
  const target = path.join(root, "dist/starter");
  mkdirSync(target, { recursive: true });
  for (const name of [
    "iris.csv",
    "iris.train.json",
    "penguins.csv",
    "penguins.train.yaml",
    "too-fast.train.json",
    "functions/bowl.train.json",
    "functions/race.train.json",
    "functions/ravine.train.json",
    "functions/saddle.train.json",
    "functions/two-valleys.train.yaml",
  ])
    copyFileSync(path.join(root, "examples", name), path.join(target, path.basename(name)));
}

/** The schema comes from the same table as validation does, so it is generated and never edited. */
async function writeSchema() {
  const { outputFiles } = await build({
    ...common,
    sourcemap: false,
    entryPoints: ["src/config/schema.ts"],
    platform: "node",
    target: "node20",
    format: "esm",
    write: false,
  });
  const module = Buffer.from(outputFiles[0].contents).toString("base64");
  /** @type {typeof import("../src/config/schema.ts")} */
  const { runConfigSchema } = await import(`data:text/javascript;base64,${module}`);
  writeFileSync(
    path.join(root, "media/run-config.schema.json"),
    `${JSON.stringify(runConfigSchema(), null, 2)}\n`,
  );
}
