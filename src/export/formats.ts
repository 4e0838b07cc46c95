/** The formats in which a run leaves Downhill: what they are called, and their files. */
import type { TrainedModel } from "../run/trainedModel";
import { toCurvesCsv, type Curves } from "./curves";
import { toJavaScript } from "./javascript";
import type { ExportedFile } from "./model";
import { toOnnx } from "./onnx";
import { toPyTorch } from "./pytorch";
import { toSafetensors } from "./safetensors";

export type ExportFormat = "onnx" | "safetensors" | "pytorch" | "pytorch-script" | "javascript" | "csv";

interface FormatDescription {
  label: string;
  /** What is in it and who reads it. */
  detail: string;
  /** Of the file, without the point; the first is proposed. */
  extensions: readonly [string, ...string[]];
}

export const exportFormats: Record<ExportFormat, FormatDescription> = {
  onnx: {
    label: "ONNX",
    detail: "Raw columns in, predictions out; for ONNX Runtime and most other runtimes",
    extensions: ["onnx"],
  },
  javascript: {
    label: "JavaScript",
    detail: "One file with predict(row) and no dependencies, for Node and browsers",
    extensions: ["mjs", "js"],
  },
  pytorch: {
    label: "PyTorch",
    detail: "A Python module, and its weights beside it as NAME.safetensors",
    extensions: ["py"],
  },
  "pytorch-script": {
    label: "PyTorch Script",
    detail:
      "A training script in plain PyTorch that makes this run again, its data beside it as NAME.safetensors",
    extensions: ["py"],
  },
  safetensors: {
    label: "safetensors",
    detail: "The weights, with the preparation as metadata; a run config can start from them",
    extensions: ["safetensors"],
  },
  csv: {
    label: "Curves as CSV",
    detail: "Loss, gradient norm, learning rate and metrics, step by step",
    extensions: ["csv"],
  },
};

/**
 * The files of an export; those beside the first lie in the same folder.
 *
 * @param fileName the wanted name of the first, without its folder
 */
export function exportModel(
  format: Exclude<ExportFormat, "csv" | "pytorch-script">,
  model: TrainedModel,
  fileName: string,
): ExportedFile[] {
  switch (format) {
    case "onnx":
      return [{ name: fileName, content: toOnnx(model) }];
    case "safetensors":
      return [{ name: fileName, content: toSafetensors(model) }];
    case "javascript":
      return [{ name: fileName, content: toJavaScript(model) }];
    case "pytorch": {
      const weights = fileName.replace(/\.py$/i, "") + ".safetensors";
      return [
        { name: fileName, content: toPyTorch(model, weights) },
        { name: weights, content: toSafetensors(model) },
      ];
    }
  }
}

export function exportCurves(curves: Curves, fileName: string): ExportedFile[] {
  return [{ name: fileName, content: toCurvesCsv(curves) }];
}
