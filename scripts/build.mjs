// Bundles everything that runs: extension, worker, command line, webviews. Tests are bundled by scripts/unit.mjs.
import { context } from "esbuild";
import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

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
  logLevel: "warning",
  define: { DOWNHILL_VERSION: JSON.stringify(version) },
};

/** @type {import("esbuild").BuildOptions} */
const node = {
  ...common,
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["vscode"],
  outdir: "dist",
};

/** @type {import("esbuild").BuildOptions} */
const browser = {
  ...common,
  platform: "browser",
  target: "chrome120",
  format: "iife",
  outdir: "dist/webview",
};

/** @type {(import("esbuild").BuildOptions & { entryPoints: Record<string, string> })[]} */
const builds = [
  {
    ...node,
    entryPoints: { extension: "src/extension.ts", worker: "src/run/worker.ts", cli: "src/cli/main.ts" },
  },
  { ...browser, entryPoints: { panel: "webview/panel.ts", side: "webview/side.ts" } },
];

if (production) rmSync(path.join(root, "dist"), { recursive: true, force: true });
for (const options of builds) {
  const entries = Object.entries(options.entryPoints).filter(([, file]) => existsSync(path.join(root, file)));
  const build = await context({ ...options, entryPoints: Object.fromEntries(entries) });
  if (watch) await build.watch();
  else {
    await build.rebuild();
    await build.dispose();
  }
}
