/** From a run config that stands for several runs to those runs. */
import { randomUUID } from "node:crypto";
import { runNameOf, type ConfigLanguage } from "../config/files";
import { parseRunConfig } from "../config/parse";
import type { RunVariant } from "../config/variants";
import type { PartOfComparison } from "../protocol/comparison";
import type { StartRun } from "../protocol/worker";
import { createRunId } from "./runId";

/** What a run is called: by its config and, where that stands for several, by its own name. */
export function nameOfRun({ configFile, comparison }: Pick<StartRun, "configFile" | "comparison">): string {
  const name = runNameOf(configFile);
  return comparison ? `${name}: ${comparison.name}` : name;
}

export type VariantStart = Pick<StartRun, "id" | "configText"> & { comparison: PartOfComparison };

/** What is different in the starts of such runs. All of them are one comparison, also where only some are chosen. */
export function startsOf(configFile: string, variants: readonly RunVariant[], now: Date): VariantStart[] {
  const id = randomUUID();
  return variants.map(({ name, text }, index) => {
    const comparison = { id, name, index, count: variants.length };
    return { id: createRunId(nameOfRun({ configFile, comparison }), now), configText: text, comparison };
  });
}

/** The run config of a run that was made from this text: the text itself, or what it says of one of several. */
export function textOfRun(
  text: string,
  language: ConfigLanguage,
  comparison: Pick<PartOfComparison, "name"> | undefined,
): string {
  if (!comparison) return text;
  const { variants } = parseRunConfig(text, language);
  return variants?.find(({ name }) => name === comparison.name)?.text ?? text;
}

/** For whoever would make one run of it. */
export function standsForSeveral(name: string, count: number): string {
  return `${name} stands for ${count} runs ("compare", "starts"), of which each is started on its own.`;
}
