// Packs the extension as `npm run package` does and looks at what would be shipped: small, and no sources, tests or maps.
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import path from "node:path";
import { root } from "./editor/cache.mjs";
import { cleanUpOnExit, temporaryFolder } from "./editor/processes.mjs";

const largest = 1_000_000;
const wanted = [
  "package.json",
  "README.md",
  "CHANGELOG.md",
  "LICENSE",
  "dist/extension.js",
  "dist/worker.js",
  "dist/workerStart.js",
  "dist/kernelThread.js",
  "dist/pythonThread.js",
  "dist/cli.js",
  "dist/parquetLibrary.js",
  "dist/yamlLibrary.js",
  "dist/webview/panel.js",
  "dist/webview/side.js",
  "dist/webview/describe.js",
  "dist/webview/compare.js",
  "dist/starter/iris.csv",
  "media/docs/README.md",
  "media/walkthrough/train.svg",
  "media/icon.svg",
  "media/pytorch/train.py",
  "media/run-config.schema.json",
];
const unwanted = /\.(ts|mts|mjs|map|test\.\w+)$|(^|\/)(src|test|scripts|examples|node_modules|\.\w+)\//;

cleanUpOnExit();
const file = path.join(temporaryFolder(), "downhill.vsix");
vsce(
  "package",
  "--no-dependencies",
  "--allow-missing-repository",
  "--no-rewrite-relative-links",
  "--out",
  file,
);
const names = vsce("ls", "--no-dependencies").trim().split(/\r?\n/);
const bytes = statSync(file).size;
const faults = [
  ...wanted.filter((name) => !names.includes(name)).map((name) => `${name} is missing`),
  ...names.filter((name) => unwanted.test(name)).map((name) => `${name} should not be shipped`),
  ...(bytes > largest ? [`${bytes} bytes are more than ${largest}`] : []),
];
console.log(`${names.length} files, ${Math.round(bytes / 1000)} kB`);
for (const fault of faults) console.error(`The package is wrong: ${fault}.`);
process.exit(faults.length > 0 ? 1 : 0);

/** @param {...string} args */
function vsce(...args) {
  return execFileSync(process.execPath, [path.join(root, "node_modules/@vscode/vsce/vsce"), ...args], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
}
