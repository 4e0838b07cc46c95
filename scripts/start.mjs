// Opens VS Code with Downhill on examples/, and keeps it open until Ctrl-C: the VS Code that is installed on this
// machine, else the editor from the npm registry, served on localhost.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { installDependencies } from "./dependencies.mjs";
import { hasDisplay, installedEditor } from "./editor/desktop.mjs";
import { cleanUpOnExit, startGroup, temporaryFolder } from "./editor/processes.mjs";
import { startServer } from "./editor/server.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const examples = path.join(root, "examples");

cleanUpOnExit();
if (!installDependencies()) process.exit(1);
console.log("Building Downhill …");
const build = spawnSync(process.execPath, [path.join(root, "scripts/build.mjs")], { stdio: "inherit" });
if (build.status !== 0) process.exit(1);
try {
  if (!(await openDesktop())) await serve();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

/** @returns {Promise<boolean>} false when there is no VS Code here that opens a window */
async function openDesktop() {
  const editor = installedEditor();
  if (editor === null) return false;
  // A profile of its own makes it a process of its own, which ends with this one.
  const profile = temporaryFolder();
  const startedAt = Date.now();
  const child = startGroup(
    editor,
    [
      ...["--wait", "--new-window", "--disable-workspace-trust", "--skip-welcome", "--skip-release-notes"],
      ...[`--user-data-dir=${profile}`, `--extensions-dir=${path.join(profile, "extensions")}`],
      ...[`--extensionDevelopmentPath=${root}`, examples],
    ],
    { output: "ignore" },
  );
  console.log(`Opening ${examples} in ${editor}. Ctrl-C here ends it.`);
  const [code] = await once(child, "exit");
  const status = Number(code ?? 1);
  if (status !== 0 && Date.now() - startedAt < 10_000) {
    console.log("It does not start here. Using the editor from the npm registry instead.");
    return false;
  }
  return true;
}

async function serve() {
  const server = await startServer();
  const address = server.url(examples, [["extensionDevelopmentPath", server.uri(root)]]);
  console.log(
    `\nVS Code with Downhill runs at\n\n  ${address}\n\nOpen iris.train.json there and click "Train Network".`,
  );
  console.log("Ctrl-C here ends it.");
  openInBrowser(address);
  const [code] = await once(server.child, "exit");
  throw new Error(`The editor has ended (exit code ${String(code)}). Start it again with npm start.`);
}

/** In the default browser, where there is one. @param {string} address */
function openInBrowser(address) {
  if (!hasDisplay()) return;
  const openers = new Map([
    ["darwin", ["open"]],
    ["win32", ["rundll32", "url.dll,FileProtocolHandler"]],
  ]);
  const [command = "xdg-open", ...args] = openers.get(process.platform) ?? [];
  spawn(command, [...args, address], { stdio: "ignore", detached: true })
    .on("error", () => console.log("No default browser was found: open the address by hand."))
    .unref();
}
