/** The command line and the worker as they are shipped: built once per test process, run as real processes. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import {
  closeSync,
  cpSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";

const outdir = path.join(DOWNHILL_ROOT, "dist/test/cli", String(process.pid));

/** The bundles `cli.js` and `worker.js`, what starts the latter, and the thread that owns a Python process. */
export function built(): { cli: string; worker: string; workerStart: string; pythonThread: string } {
  const cli = path.join(outdir, "cli.js");
  if (!existsSync(cli)) {
    const options = {
      absWorkingDir: DOWNHILL_ROOT,
      entryPoints: {
        cli: "src/cli/main.ts",
        worker: "src/run/worker.ts",
        workerStart: "src/run/workerStart.ts",
        kernelThread: "src/run/kernelThread.ts",
        pythonThread: "src/pytorch/pythonThread.ts",
      },
      outdir,
      bundle: true,
      minify: true,
      platform: "node",
      target: "node20",
      loader: { ".wasm": "binary" },
      format: "cjs",
      define: { DOWNHILL_VERSION: '"1.2.3"' },
      logLevel: "error",
    };
    const script = `import { build } from "esbuild"; await build(${JSON.stringify(options)});`;
    execFileSync(process.execPath, ["--input-type=module", "-e", script], {
      cwd: DOWNHILL_ROOT,
      stdio: "inherit",
    });
    process.on("exit", () => rmSync(outdir, { recursive: true, force: true }));
  }
  const bundle = (name: string): string => path.join(outdir, `${name}.js`);
  return {
    cli,
    worker: bundle("worker"),
    workerStart: bundle("workerStart"),
    pythonThread: bundle("pythonThread"),
  };
}

export interface Finished {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  child: ChildProcess;
  finished: Promise<Finished>;
}

/** Starts `downhill …args` in a folder. */
export function start(cwd: string, ...args: string[]): Running {
  const child = spawn(process.execPath, [built().cli, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const finished = new Promise<Finished>((resolve) => {
    child.on("close", (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
  return { child, finished };
}

export function downhill(cwd: string, ...args: string[]): Promise<Finished> {
  return start(cwd, ...args).finished;
}

/** The same with the output going into a file or a device. */
export async function downhillInto(output: string, cwd: string, ...args: string[]): Promise<Finished> {
  const file = openSync(output, "w");
  const child = spawn(process.execPath, [built().cli, ...args], { cwd, stdio: ["ignore", file, "pipe"] });
  closeSync(file);
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve) => {
    child.on("close", (status, signal) => resolve({ status, signal, stdout: "", stderr }));
  });
}

const folders: string[] = [];

/** A new folder with copies of the named project files and the texts given. */
export function workspace(copies: string[] = [], texts: Record<string, string | Uint8Array> = {}): string {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "downhill-cli-")));
  folders.push(folder);
  for (const file of copies) cpSync(path.join(DOWNHILL_ROOT, file), path.join(folder, path.basename(file)));
  for (const [name, text] of Object.entries(texts)) writeFileSync(path.join(folder, name), text);
  return folder;
}

export function removeWorkspaces(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export interface EventLine {
  type: "start" | "step" | "epoch" | "warning" | "done";
  [key: string]: unknown;
}

export function eventsOf(text: string): EventLine[] {
  assertEndsLine(text);
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as EventLine);
}

export function eventsIn(file: string): EventLine[] {
  return eventsOf(readFileSync(file, "utf8"));
}

function assertEndsLine(text: string): void {
  if (!text.endsWith("\n")) throw new Error(`the last line is torn: ${text.slice(-80)}`);
}
