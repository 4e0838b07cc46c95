// Bundles and runs the unit tests: node scripts/unit.mjs [part of a path …] [-- mocha options]
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { buildKernel } from "./kernel.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const separator = process.argv.indexOf("--");
const filters = process.argv.slice(2, separator < 0 ? undefined : separator);
const mochaOptions = separator < 0 ? [] : process.argv.slice(separator + 1);

const testFiles = readdirSync(path.join(root, "test/unit"), { recursive: true })
  .map(String)
  .filter((file) => file.endsWith(".test.ts") && filters.every((part) => file.includes(part)));

// One folder per process, so that two runs side by side do not overwrite each other's bundles.
const outdir = path.join(root, "dist/test", `unit-${filters.join("-").replaceAll(/[^a-z]/gi, "") || "all"}`);
mkdirSync(outdir, { recursive: true });
buildKernel();
await build({
  absWorkingDir: root,
  entryPoints: testFiles.map((file) => path.join("test/unit", file)),
  outbase: "test/unit",
  outdir,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  sourcemap: "inline",
  logLevel: "warning",
  // fast-check stays outside the bundles, so that one setting of its seed holds for all of them.
  external: ["eslint", "typescript-eslint", "fast-check"],
  loader: { ".wasm": "binary" },
  define: { DOWNHILL_VERSION: '"test"', DOWNHILL_ROOT: JSON.stringify(root) },
});

const { status } = spawnSync(
  process.execPath,
  [
    "--enable-source-maps",
    path.join(root, "node_modules/mocha/bin/mocha.js"),
    "--timeout",
    "60000",
    "--require",
    path.join(root, "scripts/propertySeed.mjs"),
    ...(mochaOptions.includes("--reporter")
      ? []
      : ["--reporter", path.join(root, "scripts/countingReporter.mjs")]),
    ...mochaOptions,
    ...testFiles.map((file) => path.join(outdir, file.replace(/\.ts$/, ".js"))),
  ],
  { cwd: root, stdio: "inherit" },
);
process.exit(status ?? 1);
