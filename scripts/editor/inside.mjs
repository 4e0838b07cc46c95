// Runs a module of tests in VS Code's extension host: in the desktop VS Code where one can be shown, else in the editor
// from the npm registry. The module exports run(): Promise<void>, as VS Code wants it.
import { downloadAndUnzipVSCode, runTests } from "@vscode/test-electron";
import path from "node:path";
import { launchBrowser } from "./browser.mjs";
import { root } from "./cache.mjs";
import { hasDisplay, installedEditor } from "./desktop.mjs";
import { temporaryFolder } from "./processes.mjs";
import { startServer } from "./server.mjs";

const timeLimit = 5 * 60_000;

/**
 * @param {{ workspace: string, tests: string, logs: string }} what
 * @returns {Promise<boolean>} whether all tests passed
 */
export async function runInside(what) {
  const editor = await desktopEditor();
  return editor === null ? inNpmEditor(what) : inDesktop(editor, what);
}

/** @returns {Promise<string | null>} */
async function desktopEditor() {
  if (!hasDisplay()) return null;
  const installed = installedEditor();
  if (installed !== null) return installed;
  try {
    await fetch("https://update.code.visualstudio.com/api/releases/stable", {
      signal: AbortSignal.timeout(3000),
    });
    return await downloadAndUnzipVSCode({ version: "stable", cachePath: path.join(root, ".vscode-test") });
  } catch {
    return null; // not reachable from here
  }
}

/**
 * @param {string} vscodeExecutablePath
 * @param {{ workspace: string, tests: string }} what
 */
async function inDesktop(vscodeExecutablePath, { workspace, tests }) {
  const profile = temporaryFolder();
  try {
    await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: root,
      extensionTestsPath: tests,
      launchArgs: [
        workspace,
        "--disable-workspace-trust",
        `--user-data-dir=${profile}`,
        "--disable-extensions",
      ],
    });
    return true;
  } catch {
    return false; // the tests have printed why
  }
}

/** @param {{ workspace: string, tests: string, logs: string }} what */
async function inNpmEditor({ workspace, tests, logs }) {
  const [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  const page = await browser.newPage({ viewport: { width: 1500, height: 950 } });
  /** @type {Promise<number>} */
  const exitCode = new Promise((resolve, reject) => {
    setTimeout(
      () => reject(new Error("The tests inside the editor did not end within 5 minutes.")),
      timeLimit,
    ).unref();
    void page.exposeFunction("codeAutomationExit", resolve);
  });
  await page.exposeFunction(
    "codeAutomationLog",
    (/** @type {string} */ _type, /** @type {unknown[]} */ args) => {
      // The workbench logs here as well; test/editor/inside/index.ts marks what mocha reports.
      const [line] = args;
      if (typeof line === "string" && line.startsWith("[test]")) console.log(line.slice("[test]".length));
    },
  );
  let passed = false;
  try {
    await page.goto(
      server.url(workspace, [
        ["extensionDevelopmentPath", server.uri(root)],
        ["extensionTestsPath", server.uri(tests)],
      ]),
    );
    passed = (await exitCode) === 0;
  } finally {
    if (!passed) {
      await page.screenshot({ path: path.join(logs, "workbench.png") }).catch(() => null);
      server.keepLogs(path.join(logs, "logs"));
    }
    await browser.close();
    await server.stop();
  }
  return passed;
}
