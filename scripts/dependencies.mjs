// Installs node_modules when it is missing or older than package-lock.json. Runs before anything is installed, so it
// uses Node's own modules only.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const oldestNode = [20, 19];

/** @returns {boolean} whether the dependencies are there now; if not, why not has been printed */
export function installDependencies() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
    console.error(
      `Downhill is built with Node ${oldestNode.join(".")} or newer, and this is ${process.version}.`,
    );
    return false;
  }
  const installed = path.join(root, "node_modules/.package-lock.json");
  if (!existsSync(installed)) return npm("ci");
  // npm writes both files in one go when it changes the lock itself.
  const isOld = statSync(path.join(root, "package-lock.json")).mtimeMs > statSync(installed).mtimeMs + 10_000;
  return isOld ? npm("install", "--no-save") : true;
}

/** @param {...string} args */
function npm(...args) {
  console.log(`Installing dependencies (npm ${args[0]}) …`);
  const windows = process.platform === "win32";
  const { status, error } = spawnSync("npm", args, { cwd: root, stdio: "inherit", shell: windows });
  if (status === 0) return true;
  console.error(
    error
      ? `npm could not be started: ${error.message}.`
      : "npm could not install the dependencies; what it said stands above.",
  );
  return false;
}
