// node guard.mjs COMMAND ARGUMENT …: runs a command and ends it, with all that it has started, when the script that
// wanted it is gone, however it went: even a process that is killed closes its end of this one's standard input.
import { execFileSync, spawn } from "node:child_process";

const [command = "", ...args] = process.argv.slice(2);
const child = spawn(command, args, {
  stdio: ["ignore", "inherit", "inherit"],
  shell: command.endsWith(".cmd"),
});
child.on("error", (error) => {
  console.error(`${command} could not be started: ${error.message}`);
  process.exit(127);
});
child.on("exit", (code) => process.exit(code ?? 1));

process.stdin.resume();
process.stdin.on("error", end);
process.stdin.on("end", end);

function end() {
  if (process.platform === "win32") execFileSync("taskkill", ["/T", "/F", "/PID", String(process.pid)]);
  else process.kill(-process.pid, "SIGKILL"); // startGroup has made this process the leader of a group
}
