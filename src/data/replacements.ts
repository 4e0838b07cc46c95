/** Sentences about values that could not be taken as they were. */
import type { EncodedInputs } from "./encode";
import type { Preparation } from "./preparation";
import { counted, digits, quoted } from "./wording";

/** One sentence on all missing values that were filled in, with the columns. */
export function noteImputed(parts: readonly Pick<EncodedInputs, "imputed">[], notes: string[]): void {
  const imputed = new Map<string, number>();
  for (const part of parts) {
    part.imputed.forEach((count, name) => imputed.set(name, (imputed.get(name) ?? 0) + count));
  }
  if (imputed.size === 0) return;
  const total = [...imputed.values()].reduce((sum, count) => sum + count, 0);
  const where = [...imputed].slice(0, 5).map(([name, count]) => `${quoted(name)} (${digits(count)})`);
  if (imputed.size > where.length) where.push("others");
  const verb = total === 1 ? "was" : "were";
  notes.push(
    `${counted(total, "missing value")} ${verb} filled in from the training rows (mean, or most frequent category): ${where.join(", ")}.`,
  );
}

/** A sentence for each column with labels that the fit had not seen. @param row what the rows are called: "validation row" */
export function noteUnseen(
  { unseen }: Pick<EncodedInputs, "unseen">,
  { features }: Pick<Preparation, "features">,
  row: string,
  notes: string[],
): void {
  unseen.forEach((count, name) => {
    const isBoolean = features.some(({ column, kind }) => column === name && kind === "boolean");
    const as = isBoolean ? "the most frequent one" : "all zeros";
    notes.push(
      `${counted(count, row)} ${count === 1 ? "has a category" : "have categories"} of ${quoted(name)} that no training row has; encoded as ${as}.`,
    );
  });
}
