// What the benches share.
import { build } from "esbuild";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Builds what a host needs to start runs, and the worker beside it, `worker.cjs`.
 * @param {string} folder
 * @returns {Promise<typeof import("../../src/run/startRun") & typeof import("../../src/run/liveRun")
 *   & typeof import("../../src/run/session") & typeof import("../../src/run/control") & typeof import("../../src/run/lab/bench")
 *   & typeof import("../../src/run/lab/surface")>}
 */
export async function bundle(folder) {
  /** @type {import("esbuild").BuildOptions} */
  const options = {
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    loader: { ".wasm": "binary", ".py": "text" },
  };
  const define = { DOWNHILL_VERSION: '"bench"' };
  const outExtension = { ".js": ".cjs" };
  await build({
    ...options,
    define,
    outExtension,
    entryPoints: {
      worker: "src/run/worker.ts",
      workerStart: "src/run/workerStart.ts",
      kernelThread: "src/run/kernelThread.ts",
    },
    outdir: folder,
  });
  /** @type {import("esbuild").StdinOptions} */
  const stdin = {
    contents: ["startRun", "liveRun", "session", "control", "lab/bench", "lab/surface"]
      .map((name) => `export * from "./src/run/${name}";`)
      .join(""),
    resolveDir: root,
    loader: "ts",
  };
  await build({ ...options, define, stdin, outfile: path.join(folder, "host.cjs") });
  return createRequire(import.meta.url)(path.join(folder, "host.cjs"));
}

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
