// Tests in a real VS Code: node scripts/editorTests.mjs inside|driven [part of a file name …]
//   inside: mocha in the extension host, through VS Code's own extensionTestsPath
//   driven: mocha here, with Playwright doing in the workbench what a person does
import { build } from "esbuild";
import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { root } from "./editor/cache.mjs";
import { cleanUpOnExit, temporaryFolder } from "./editor/processes.mjs";

const [kind = "", ...rest] = process.argv.slice(2);
const buildOnly = rest.includes("--build-only"); // for the launch configuration "Extension Tests"
const filters = rest.filter((argument) => argument !== "--build-only");
if (kind !== "inside" && kind !== "driven") {
  console.error("Usage: node scripts/editorTests.mjs inside|driven [part of a file name …]");
  process.exit(2);
}

cleanUpOnExit();
process.env["TMPDIR"] = temporaryFolder(); // the browser's profile too
const results = path.join(root, "test-results", kind);
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const source = path.join(root, "test/editor", kind);
const files = readdirSync(source).filter(
  (file) => file.endsWith(".test.ts") && filters.every((part) => file.includes(part)),
);
if (files.length === 0) {
  console.error(`No file of test/editor/${kind} has ${filters.join(" and ")} in its name.`);
  process.exit(2);
}
const outdir = path.join(root, "dist/test", kind);
await build({
  absWorkingDir: root,
  entryPoints: [...files, ...(kind === "inside" ? ["index.ts"] : [])].map((file) => path.join(source, file)),
  outbase: source,
  outdir,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  sourcemap: "inline",
  logLevel: "warning",
  packages: "external",
  define: { DOWNHILL_ROOT: JSON.stringify(root) },
});
const bundles = files.map((file) => path.join(outdir, file.replace(/\.ts$/, ".js")));

if (buildOnly) process.exit(0);
process.exit((await (kind === "inside" ? runInside() : runDriven())) ? 0 : 1);

async function runInside() {
  const { runInside } = await import("./editor/inside.mjs");
  const workspace = path.join(temporaryFolder(), "examples");
  copyWorkspace(path.join(root, "examples"), workspace);
  // Read by test/editor/inside/index.ts in the extension host.
  process.env["DOWNHILL_TEST_FILES"] = JSON.stringify(bundles);
  return runInside({ workspace, tests: path.join(outdir, "index.js"), logs: results });
}

async function runDriven() {
  const { default: Mocha } = await import("mocha");
  const { launchBrowser } = await import("./editor/browser.mjs");
  const { startServer } = await import("./editor/server.mjs");
  const { default: CountingReporter } = await import("./countingReporter.mjs");
  process.setSourceMapsEnabled(true);
  const browser = await launchBrowser();
  // What test/editor/driven/workbench.ts works with.
  Object.assign(globalThis, {
    editorSession: { startServer, browser, results, temporaryFolder, copyWorkspace },
  });
  const mocha = new Mocha({
    timeout: 60_000,
    retries: 1, // a real window on a busy machine: what fails twice is broken
    slow: 10_000,
    forbidOnly: true,
    reporter: CountingReporter,
  });
  for (const file of bundles) mocha.addFile(file);
  const failures = await new Promise((resolve) => mocha.run(resolve));
  if (failures > 0) {
    console.log(`Screenshots and the editor's logs are in ${results}.`);
  }
  await browser.close();
  return failures === 0;
}

/** A copy without the runs that an earlier session left in it. @param {string} from @param {string} to */
function copyWorkspace(from, to) {
  cpSync(from, to, { recursive: true, filter: (file) => path.basename(file) !== ".downhill" });
}
