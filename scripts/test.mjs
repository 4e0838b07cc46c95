// Everything that must hold before a commit is pushed: install, build, format, lint, types, unused code, package,
// unit tests, tests in a real VS Code. Runs every step even when one fails, and ends with one line of counts.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { installDependencies } from "./dependencies.mjs";
import { cleanUpOnExit, temporaryFolder } from "./editor/processes.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (/** @type {string} */ file) => path.join(root, "node_modules", file);

/** Each step is a Node program. `tests` says that it counts what it ran. @type {{ name: string, args: string[], tests?: true }[]} */
const steps = [
  { name: "build", args: ["scripts/build.mjs", "--production"] },
  { name: "format", args: [bin("prettier/bin/prettier.cjs"), "--check", ".", "--log-level", "warn"] },
  { name: "lint", args: [bin("eslint/bin/eslint.js"), "."] },
  { name: "types", args: [bin("typescript/bin/tsc")] },
  { name: "unused code", args: [bin("knip/bin/knip.js"), "--no-progress"] },
  { name: "package", args: ["scripts/checkPackage.mjs"] },
  { name: "unit tests", args: ["scripts/unit.mjs", "--", "--forbid-only"], tests: true },
  { name: "tests inside the editor", args: ["scripts/editorTests.mjs", "inside"], tests: true },
  { name: "tests driving the editor", args: ["scripts/editorTests.mjs", "driven"], tests: true },
];

cleanUpOnExit();
const scratch = temporaryFolder();
const total = { passed: 0, failed: 0, skipped: 0 };
/** @type {string[]} */
const summary = [];

if (await timed("install", () => installDependencies())) {
  for (const [index, { name, args, tests }] of steps.entries()) {
    const countsFile = path.join(scratch, `${index}.json`);
    await timed(name, () => run(args, countsFile), tests && countsFile);
  }
}
console.log(`\n${summary.join("\n")}\n`);
console.log(
  `${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`,
);
process.exit(total.failed > 0 ? 1 : 0);

/**
 * Runs a step and adds it to the total: by the tests it counted, else as one failure when it failed.
 * @param {string} name
 * @param {() => boolean | Promise<boolean>} step
 * @param {string} [countsFile]
 */
async function timed(name, step, countsFile) {
  console.log(`\n━━ ${name}`);
  const startedAt = performance.now();
  const ok = await step();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const counts = { passed: 0, failed: 0, skipped: 0 };
  if (countsFile !== undefined && existsSync(countsFile))
    Object.assign(counts, JSON.parse(readFileSync(countsFile, "utf8")));
  if (!ok && counts.failed === 0) counts.failed = 1;
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
  const details = countsFile === undefined ? "" : ` (${counts.passed} passed, ${counts.failed} failed)`;
  summary.push(`${ok ? "✔" : "✘"} ${name.padEnd(26)} ${seconds.padStart(6)} s${details}`);
  return ok;
}

/**
 * @param {string[]} args
 * @param {string} countsFile
 */
async function run(args, countsFile) {
  const env = { ...process.env, DOWNHILL_TEST_COUNTS: countsFile };
  const child = spawn(process.execPath, args, { cwd: root, stdio: "inherit", env });
  const end = () => child.kill("SIGTERM"); // it ends what it has started
  process.once("exit", end);
  const [code] = await once(child, "exit");
  process.off("exit", end);
  return code === 0;
}
