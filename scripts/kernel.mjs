// Compiles the kernels in src/engine/wasm/kernel to src/engine/wasm/kernel.wasm, if they changed since.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, renameSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { writeTiles } from "./tiles.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const sources = path.join(root, "src/engine/wasm/kernel");
const compiler = path.join(root, "node_modules/assemblyscript/bin/asc.js");
const output = path.join(root, "src/engine/wasm/kernel.wasm");

/** Options that decide what the kernels are; plain SIMD, so that every machine computes the same bits. */
const options = [
  ...["-O3", "--noAssert", "--runtime", "stub", "--enable", "simd", "--enable", "threads"],
  ...["--importMemory", "--sharedMemory", "--maximumMemory", "65536"],
];

export function buildKernel() {
  writeTiles(path.join(sources, "tiles.ts"));
  const newest = Math.max(
    ...readdirSync(sources).map((file) => statSync(path.join(sources, file)).mtimeMs),
    statSync(fileURLToPath(import.meta.url)).mtimeMs,
  );
  if (existsSync(output) && statSync(output).mtimeMs > newest) return;
  // Written beside and renamed, so that no one reads half a file.
  const draft = `kernel-${process.pid}.wasm`;
  const folder = path.dirname(output);
  // In a process of its own: imported, its types would redefine Array for the whole project.
  const { status, stderr } = spawnSync(
    process.execPath,
    [compiler, "kernel/index.ts", "--baseDir", folder, "--outFile", draft, ...options],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`The kernels do not compile:\n${stderr}`);
  renameSync(path.join(folder, draft), output);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) buildKernel();
