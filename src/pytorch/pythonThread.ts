/**
 * The thread that owns a run's Python process, so that the run's own thread can sleep until an answer is there. It passes messages
 * on, keeps the last lines of standard error, and leaves no process behind.
 */
import { spawn } from "node:child_process";
import { workerData } from "node:worker_threads";
import { endTree, killTree } from "./processTree";
import type { FromPython, PythonMessage, PythonThreadStart, ToPython } from "./messages";

/** So many lines of standard error are kept, of so many characters each. */
const keptLines = 40;
const longestLine = 2000;

/** A message's line is short; what is longer is no message. */
const longestHeader = 65_536;

/** Milliseconds in which a process may read its end of the pipe, and a dead one's output may still arrive. */
const patience = 1000;

const { command, args, env, folder, port, signal } = workerData as PythonThreadStart;

function post(message: FromPython): void {
  // The payload is moved, not copied.
  const payload = "message" in message ? message.message.payload.buffer : null;
  port.postMessage(message, payload instanceof ArrayBuffer && payload.byteLength > 0 ? [payload] : []);
  Atomics.add(signal, 0, 1);
  Atomics.notify(signal, 0);
}

const child = spawn(command, args, {
  cwd: folder,
  env: { ...process.env, ...env },
  stdio: ["pipe", "pipe", "pipe"],
  // Its own group, so that whatever it starts can be ended with it.
  detached: process.platform !== "win32",
  windowsHide: true,
});
Atomics.store(signal, 1, child.pid ?? 0);

let fault: string | undefined;
let rubbish: string | undefined;
let ended = false;
const lines: string[] = [""];

child.on("error", (error) => {
  fault ??= "code" in error && typeof error.code === "string" ? error.code : error.message;
  if (child.pid === undefined) finish(null, null);
});
child.on("exit", (code, by) => {
  // What it started and left behind ends with it.
  if (child.pid !== undefined) killTree(child.pid);
  const told = setTimeout(() => finish(code, by), patience);
  child.on("close", () => {
    clearTimeout(told);
    finish(code, by);
  });
});

function finish(code: number | null, by: string | null): void {
  if (ended) return;
  ended = true;
  Atomics.store(signal, 1, 0);
  const kept = lines.filter((line) => line.trim() !== "");
  post({
    end: {
      ...(fault ? { fault } : {}),
      ...(rubbish === undefined ? {} : { rubbish }),
      code,
      signal: by,
      lines: kept,
    },
  });
  port.close();
}

child.stderr.setEncoding("utf8").on("data", (text: string) => {
  const [first, ...more] = text.split(/\r?\n/);
  lines[lines.length - 1] = (lines[lines.length - 1] + first).slice(0, longestLine);
  for (const line of more) lines.push(line.slice(0, longestLine));
  lines.splice(0, lines.length - keptLines);
});

// A process that has ended is told by its end.
child.stdin.on("error", () => undefined);

port.on("message", (message: ToPython) => {
  if (message === "kill") {
    child.stdin.end();
    if (child.pid !== undefined && !ended) endTree(child.pid, patience);
    return;
  }
  const { header, payload } = message;
  const line = JSON.stringify(payload ? { ...header, bytes: payload.length } : header) + "\n";
  child.stdin.write(line);
  if (payload) child.stdin.write(payload);
});

/** What has arrived of the message that is not yet complete. */
let pieces: Buffer[] = [];
let gathered = 0;
let message: PythonMessage | null = null;
let filled = 0;

child.stdout.on("data", (chunk: Buffer) => {
  let at = 0;
  while (at < chunk.length && rubbish === undefined) {
    if (message) {
      const part = chunk.subarray(at, at + message.payload.length - filled);
      message.payload.set(part, filled);
      filled += part.length;
      at += part.length;
      deliver();
      continue;
    }
    const newline = chunk.indexOf(10, at);
    const part = chunk.subarray(at, newline < 0 ? chunk.length : newline);
    pieces.push(part);
    gathered += part.length;
    at += part.length + 1;
    if (gathered > longestHeader) refuse(Buffer.concat(pieces).toString("utf8"));
    else if (newline >= 0) begin(Buffer.concat(pieces).toString("utf8"));
  }
});

function begin(line: string): void {
  pieces = [];
  gathered = 0;
  const header = parsed(line);
  if (!header) return refuse(line);
  const { bytes } = header;
  message = { header, payload: new Uint8Array(typeof bytes === "number" ? bytes : 0) };
  filled = 0;
  deliver();
}

function deliver(): void {
  if (!message || filled < message.payload.length) return;
  const whole = message;
  message = null;
  post({ message: whole });
}

function parsed(line: string): PythonMessage["header"] | null {
  try {
    const value: unknown = JSON.parse(line);
    const isMessage =
      typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
    return isMessage ? (value as PythonMessage["header"]) : null;
  } catch {
    return null;
  }
}

function refuse(line: string): void {
  rubbish = line.slice(0, 200);
  if (child.pid !== undefined) killTree(child.pid);
}
