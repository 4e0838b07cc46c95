import type { LabMaterial } from "../lab/look";

/** How the inputs are called: "petal_width", "island=Dream", "pixels[17]". */
export function inputNamesOf({ source }: LabMaterial, inputs: readonly number[]): string[] {
  return inputs.map((input) => source?.preparation.inputNames[input] ?? `input ${input + 1}`);
}

/** One for each output: the class that it speaks for, or the target column. */
export function outputNamesOf({ scoring: { target, outputs } }: LabMaterial): string[] {
  if (target.task === "regression") return target.columns;
  return outputs === 1 ? [target.classes[1]] : target.classes;
}
