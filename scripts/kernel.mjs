// Compiles the kernels in src/engine/wasm/kernel to src/engine/wasm/kernel.wasm, if they changed since.
import asc from "assemblyscript/asc";
import { existsSync, readdirSync, renameSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const sources = path.join(root, "src/engine/wasm/kernel");
const output = path.join(root, "src/engine/wasm/kernel.wasm");

/** Options that decide what the kernels are; plain SIMD, so that every machine computes the same bits. */
const options = ["-O3", "--noAssert", "--runtime", "stub", "--enable", "simd", "--importMemory"];

export async function buildKernel() {
  const newest = Math.max(
    ...readdirSync(sources).map((file) => statSync(path.join(sources, file)).mtimeMs),
    statSync(fileURLToPath(import.meta.url)).mtimeMs,
  );
  if (existsSync(output) && statSync(output).mtimeMs > newest) return;
  // Written beside and renamed, so that no one reads half a file.
  const draft = `kernel-${process.pid}.wasm`;
  const folder = path.dirname(output);
  const messages = asc.createMemoryStream();
  const { error } = await asc.main(["kernel/index.ts", "--baseDir", folder, "--outFile", draft, ...options], {
    stderr: messages,
  });
  if (error) throw new Error(`The kernels do not compile: ${error.message}\n${messages.toString()}`);
  renameSync(path.join(folder, draft), output);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildKernel();
