// Everything that an editor session starts or writes is registered here, so that nothing outlives it: not after Ctrl-C,
// not after a failure. Processes are started as groups, because an editor's children outlive it otherwise.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const guard = fileURLToPath(new URL("guard.mjs", import.meta.url));
const windows = process.platform === "win32";
/** @type {Set<import("node:child_process").ChildProcess>} */
const groups = new Set();
/** @type {Set<string>} */
const folders = new Set();

/**
 * Starts a process in a group of its own. Its output can be read, or is thrown away.
 * @param {string} command
 * @param {string[]} args
 * @param {{ output: "pipe" | "ignore", env?: NodeJS.ProcessEnv }} options
 */
export function startGroup(command, args, { output, env = process.env }) {
  const child = spawn(process.execPath, [guard, command, ...args], {
    stdio: ["pipe", output, output],
    env,
    detached: !windows,
  });
  groups.add(child);
  return child;
}

/**
 * Ends a group: politely, then, after two seconds, for good.
 * @param {import("node:child_process").ChildProcess} child
 */
export async function stopGroup(child) {
  signalGroup(child, "SIGTERM");
  const deadline = Date.now() + 2000;
  while (groupIsAlive(child) && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 25));
  signalGroup(child, "SIGKILL");
  groups.delete(child);
}

/** A new temporary folder with a short path (sockets go into it), removed when this process ends. */
export function temporaryFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), "downhill-"));
  folders.add(folder);
  return folder;
}

/** @param {string} folder */
export function removeFolder(folder) {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    folders.delete(folder);
  } catch {
    // A process is still writing into it: tried again when this process exits.
  }
}

/** Makes the usual ways to end a process run the clean-up below. Call it once, from a script's first lines. */
export function cleanUpOnExit() {
  for (const [signal, number] of /** @type {const} */ ([
    ["SIGINT", 2],
    ["SIGTERM", 15],
    ["SIGHUP", 1],
  ])) {
    process.on(signal, () => process.exit(128 + number));
  }
  // A signal sent to npm ends npm and its shell, but not what the shell has started.
  const parent = process.ppid;
  if (process.env["npm_lifecycle_event"] !== undefined)
    setInterval(() => process.ppid !== parent && process.exit(143), 500).unref();
  process.on("exit", () => {
    for (const child of groups) signalGroup(child, "SIGKILL");
    for (const folder of folders) removeFolder(folder);
  });
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup({ pid }, signal) {
  if (pid === undefined) return;
  try {
    if (windows) execFileSync("taskkill", ["/T", "/F", "/PID", String(pid)], { stdio: "ignore" });
    else process.kill(-pid, signal);
  } catch {
    // Gone already.
  }
}

/** @param {import("node:child_process").ChildProcess} child */
function groupIsAlive({ pid, exitCode }) {
  if (pid === undefined) return false;
  if (windows) return exitCode === null;
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}
