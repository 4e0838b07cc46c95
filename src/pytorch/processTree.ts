/** Ending a process with all that it started. */
import { spawn } from "node:child_process";

/** Kills the group of a process that leads one; on Windows, its tree. One that is gone already is no fault. */
export function killTree(pid: number, signal: NodeJS.Signals = "SIGKILL"): void {
  if (process.platform === "win32") {
    spawn("taskkill", ["/pid", String(pid), "/T", "/F"], { stdio: "ignore", windowsHide: true }).on(
      "error",
      () => undefined,
    );
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // It is gone.
  }
}

/** Asks a group to end, and kills what is left of it a while later. */
export function endTree(pid: number, patience: number): void {
  // torchrun ends its processes, which lead groups of their own, when it is told to end.
  killTree(pid, "SIGTERM");
  setTimeout(() => killTree(pid), patience);
}
