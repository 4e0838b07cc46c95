// What the editor sessions need beyond node_modules is installed once into .vscode-test/ (git-ignored).
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const root = fileURLToPath(new URL("../..", import.meta.url));
const cache = path.join(root, ".vscode-test");

/**
 * The folder .vscode-test/NAME, made by `fill` when it is not there. It appears whole or not at all, so that an
 * interrupted installation is repeated and two at a time do not disturb each other.
 * @param {string} name should contain the version of what is inside
 * @param {(folder: string) => Promise<void>} fill
 */
export async function cached(name, fill) {
  const folder = path.join(cache, name);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const draft = mkdtempSync(path.join(cache, "draft-"));
  try {
    await fill(draft);
    if (!existsSync(folder)) renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return folder;
}

/**
 * Installs packages into a folder that is no project.
 * @param {string} folder
 * @param {string[]} packages
 */
export async function npmInstall(folder, packages) {
  if (packages.length > 0) writeFileSync(path.join(folder, "package.json"), '{ "private": true }\n');
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev", ...packages];
  try {
    await npm(args, folder);
  } catch (error) {
    const reason = String(/** @type {{ stderr?: string }} */ (error).stderr ?? error).trim();
    throw new Error(`npm could not install ${packages.join(" ")} into ${folder}: ${reason}`, {
      cause: error,
    });
  }
}

/**
 * @param {string[]} args
 * @param {string} cwd
 */
function npm(args, cwd) {
  // Set by npm when it runs a script: the same npm, without asking a shell for it.
  const cli = process.env["npm_execpath"];
  const run = promisify(execFile);
  if (cli?.endsWith("npm-cli.js")) return run(process.execPath, [cli, ...args], { cwd });
  return run("npm", args, { cwd, shell: process.platform === "win32" });
}
