import { Worker } from "node:worker_threads";
import * as vscode from "vscode";
import { UserError } from "./errors";

/**
 * Runs a command of the terminal in a thread of its own, so that neither the editor nor its other extensions wait for it.
 *
 * @param cliFile the bundle of the command line
 * @param cancellation ends the thread; the promise then rejects with a CancellationError
 * @param onOutput told what it prints
 * @returns what it had to note, one sentence each. Rejects with a UserError when it failed.
 */
export function runCommand(
  cliFile: string,
  args: readonly string[],
  cancellation: vscode.CancellationToken,
  onOutput: (text: string) => void = () => undefined,
): Promise<string[]> {
  const worker = new Worker(cliFile, {
    argv: [...args],
    stdout: true,
    stderr: true,
    name: `downhill ${args[0]}`,
  });
  const lines = linesOf(worker.stderr);
  worker.stdout.setEncoding("utf8").on("data", onOutput);
  const cancelled = cancellation.onCancellationRequested(() => void worker.terminate());
  return new Promise((resolve, reject) => {
    worker.on("error", reject);
    worker.on("exit", (code) => {
      cancelled.dispose();
      if (cancellation.isCancellationRequested) reject(new vscode.CancellationError());
      else {
        void lines.then((told) => {
          const [message] = told.filter((line) => line.startsWith("downhill: "));
          if (code === 0) resolve(told.map((line) => line.replace(/^Note: /, "")));
          else reject(new UserError(message.slice("downhill: ".length)));
        }, reject);
      }
    });
  });
}

async function linesOf(stream: NodeJS.ReadableStream): Promise<string[]> {
  let text = "";
  stream.setEncoding("utf8");
  for await (const piece of stream) text += String(piece);
  return text.split("\n").filter((line) => line !== "");
}
