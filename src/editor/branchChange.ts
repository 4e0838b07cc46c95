/** What a branch may change, as a list to choose from, and the run config with the change made. */
import type { ConfigLanguage } from "../config/files";
import type { RunConfig } from "../config/runConfig";
import { changeValues } from "../config/edit";
import type { RunChange } from "../protocol/changes";
import { parseRunConfig } from "../config/parse";

/** A setting that the list offers; everything else is changed in the text. */
export interface BranchSetting {
  label: string;
  path: string[];
  value: string;
}

/** The settings that one most wants to change on the way, with their values. */
export function branchSettings(
  config: Pick<RunConfig, "optimizer" | "batchSize" | "epochs">,
): BranchSetting[] {
  return [
    {
      label: "Learning Rate",
      path: ["optimizer", "learningRate"],
      value: String(config.optimizer.learningRate),
    },
    { label: "Batch Size", path: ["batchSize"], value: String(config.batchSize) },
    { label: "Epochs", path: ["epochs"], value: String(config.epochs) },
  ];
}

/** A run config's text as it was by a step: with what was changed while the run went on. */
export function textAt(
  text: string,
  language: ConfigLanguage,
  changes: readonly RunChange[],
  step: number,
): string {
  const made = changes.filter((change) => change.step < step);
  return changeValues(
    text,
    language,
    made.map(({ key, value }) => ({ path: key.split("."), value })),
  );
}

/**
 * A run config's text with another value of a setting.
 *
 * @param typed as a person writes it: a number, or a word such as full
 * @returns the text, or as `problem` what is wrong with the value
 */
export function withSetting(
  text: string,
  language: ConfigLanguage,
  path: string[],
  typed: string,
): { text: string; problem?: undefined } | { text?: undefined; problem: string } {
  const word = typed.trim();
  const number = Number(word);
  const value = word !== "" && Number.isFinite(number) ? number : word.replace(/^"(.*)"$/, "$1");
  const changed = changeValues(text, language, [{ path, value }]);
  const first = parseRunConfig(changed, language).problems.find(({ severity }) => severity === "error");
  return first ? { problem: first.message } : { text: changed };
}
