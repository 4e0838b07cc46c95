/** PyTorch where there is one, and interpreters that only play Python. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Samples } from "../../../src/data/samples";
import type { EngineSettings } from "../../../src/engine/engine";
import { initialParameters } from "../../../src/engine/initializers";
import { describeNetwork, type HiddenLayer } from "../../../src/engine/network";
import { randomStream } from "../../../src/engine/random";
import type { StartedPython } from "../../../src/pytorch/startPython";
import { startPython } from "../../../src/pytorch/startPython";
import { built } from "../cli/built";
import { pythonWith } from "../export/python";

let found: string | null | undefined;

/** An interpreter with PyTorch, or null. */
export function pythonWithTorch(): string | null {
  return (found ??= pythonWith("torch"));
}

/** Skips a test where there is no PyTorch, saying so. */
export function skipWithoutTorch(this: Mocha.Context): void {
  if (pythonWithTorch() !== null) return;
  process.stdout.write("    skipped: no Python here has PyTorch\n");
  this.skip();
}

const breathe = (): Promise<void> => Promise.resolve();

export function startedPython(processes: number): Promise<StartedPython> {
  return startPython({
    candidates: [pythonWithTorch() ?? ""],
    config: { device: "cpu", processes },
    threads: 1,
    threadFile: built().pythonThread,
    breathe,
  });
}

const folders: string[] = [];

export function scratch(): string {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "downhill-python-test-")));
  folders.push(folder);
  return folder;
}

export function removeScratch(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A program that takes the place of Python: JavaScript that Node runs. */
export function fakePython(source: string): string {
  const file = path.join(scratch(), "python");
  writeFileSync(file, `#!${process.execPath}\n${source}`, { mode: 0o755 });
  return file;
}

export interface Case {
  loss: EngineSettings["loss"];
  optimizer: EngineSettings["optimizer"];
  hidden?: HiddenLayer[];
  outputs?: number;
  rows?: number;
  batchSize?: number;
  gradientClipNorm?: number;
  classWeights?: number[];
  seed?: number;
}

/** Settings and rows of a small problem that its network can learn. */
export function problem({ loss, optimizer, ...rest }: Case): {
  settings: EngineSettings;
  initial: Float32Array;
  training: Samples;
} {
  const { rows = 50, batchSize = 16, seed = 1 } = rest;
  const classes = loss === "categorical-cross-entropy";
  const outputs = rest.outputs ?? (classes ? 3 : loss === "binary-cross-entropy" ? 1 : 2);
  const hidden = rest.hidden ?? [{ units: 8, activation: "tanh" as const }];
  const inputs = 5;
  const network = describeNetwork(inputs, hidden, outputs);
  const random = randomStream(seed, "split");
  const x = Float32Array.from({ length: rows * inputs }, () => 2 * random.next() - 1);
  const width = classes ? 1 : outputs;
  const targets = Float32Array.from({ length: rows * width }, (_, i) => {
    const row = Math.floor(i / width);
    const value = Math.sin(3 * x[row * inputs]) + x[row * inputs + 1 + (i % width)];
    if (loss === "mse" || loss === "mae") return value;
    if (loss === "binary-cross-entropy") return value > 0 ? 1 : 0;
    return value > 0.5 ? 2 : value > -0.5 ? 1 : 0;
  });
  const training = { count: rows, inputs: x, targets };
  const initial = initialParameters(network, "auto", randomStream(seed, "weights")) as Float32Array;
  const { gradientClipNorm, classWeights } = rest;
  return {
    settings: {
      network,
      loss,
      optimizer,
      batchSize,
      seed,
      training,
      ...(gradientClipNorm === undefined ? {} : { gradientClipNorm }),
      ...(classWeights ? { classWeights } : {}),
    },
    initial,
    training,
  };
}
