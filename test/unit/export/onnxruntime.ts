/** ONNX Runtime, as web pages and Node use it: in a package of its own, installed by the first test that needs it. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const packageFolder = path.join(DOWNHILL_ROOT, "test/onnxruntime");

export interface OrtTensor {
  type: string;
  dims: readonly number[];
  data: Float32Array | Float64Array | string[];
}

export interface OrtSession {
  inputMetadata: readonly { name: string; type: string }[];
  outputNames: string[];
  run(inputs: Record<string, OrtTensor>): Promise<Record<string, OrtTensor>>;
}

export interface Ort {
  env: { wasm: { numThreads: number }; logLevel: string };
  InferenceSession: {
    create(bytes: Uint8Array): Promise<OrtSession>;
  };
  Tensor: new (type: string, data: OrtTensor["data"], dims: number[]) => OrtTensor;
}

export function onnxRuntime(): Ort {
  if (!existsSync(path.join(packageFolder, "node_modules/onnxruntime-web"))) {
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
    execFileSync(npm, args, { cwd: packageFolder, stdio: "inherit", shell: process.platform === "win32" });
  }
  const ort = createRequire(path.join(packageFolder, "package.json"))("onnxruntime-web") as Ort;
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = "error";
  return ort;
}
