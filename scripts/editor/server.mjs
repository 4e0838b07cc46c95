// Starts the npm editor on a free port of localhost.
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { npmEditor, npmNode } from "./npmEditor.mjs";
import { removeFolder, startGroup, stopGroup, temporaryFolder } from "./processes.mjs";

/** Settings of the machine (those of the user live in the browser): no welcome, no questions. */
const settings = {
  "workbench.startupEditor": "none",
  // Else the first start would open the walkthrough.
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
  "git.enabled": false,
  "extensions.ignoreRecommendations": true,
};

/** @returns the address to open in a browser, given a folder and the workbench's payload, and how to end it all */
export async function startServer() {
  const home = temporaryFolder();
  mkdirSync(path.join(home, "data/User"), { recursive: true });
  writeFileSync(path.join(home, "data/User/settings.json"), JSON.stringify(settings));
  const editor = await npmEditor();
  const start = (/** @type {string} */ node) => listen(node, editor, home);
  let server;
  try {
    server = await start(process.execPath);
  } catch (error) {
    if (/^v2[02]\./.test(process.version)) throw error;
    server = await start(await npmNode());
  }
  const { child, port } = server;
  return {
    port,
    child,
    /** @param {string} folder @param {[string, string][]} [payload] */
    url: (folder, payload = []) =>
      `http://localhost:${port}/?folder=${encodeURIComponent(folder)}` +
      (payload.length > 0 ? `&payload=${encodeURIComponent(JSON.stringify(payload))}` : ""),
    /** How the workbench names a file of this machine. @param {string} file */
    uri: (file) => `vscode-remote://localhost:${port}${file}`,
    stop: async () => {
      await stopGroup(child);
      removeFolder(home);
    },
    /** @param {string} folder */
    keepLogs: (folder) => {
      const logs = path.join(home, "data/logs");
      if (existsSync(logs)) cpSync(logs, folder, { recursive: true, force: true });
    },
  };
}

/**
 * @param {string} node
 * @param {string} editor
 * @param {string} home
 * @returns {Promise<{ child: import("node:child_process").ChildProcess, port: number }>}
 */
async function listen(node, editor, home) {
  const child = startGroup(
    node,
    [
      path.join(editor, "out/server-main.js"),
      ...[
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--without-connection-token",
        "--accept-server-license-terms",
      ],
      ...["--telemetry-level", "off", "--disable-workspace-trust", "--server-data-dir", home],
    ],
    {
      output: "pipe",
      // Its sockets and scratch files go where they will be removed.
      env: { ...process.env, TMPDIR: home, XDG_RUNTIME_DIR: home, NODE_OPTIONS: "" },
    },
  );
  let output = "";
  const listening = new Promise((resolve, reject) => {
    const read = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString();
      const match = /Extension host agent listening on (\d+)/.exec(output);
      if (match) resolve(Number(match[1]));
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("error", reject);
    void once(child, "exit").then(
      () => reject(new Error(`The editor ended before it listened:\n${output.trim()}`)),
      reject,
    );
    setTimeout(
      () => reject(new Error(`The editor did not start within 60 s:\n${output.trim()}`)),
      60_000,
    ).unref();
  });
  try {
    return { child, port: await listening };
  } catch (error) {
    await stopGroup(child);
    throw error;
  }
}
