/** What a descent that was tried in the panel means for the run config. */
import { changeValues, type ValueChange } from "../config/edit";
import type { ConfigLanguage } from "../config/files";
import { parseText } from "../config/text/parseText";
import { nodeAt } from "../config/text/textTree";
import type { FunctionChange } from "../protocol/webview";
import { readRunConfig } from "./readRunConfig";

/**
 * The run config with another start, learning rate or optimizer.
 *
 * @returns null where the text is no longer the config of that function
 */
export function withExplored(text: string, language: ConfigLanguage, change: FunctionChange): string | null {
  const { functionConfig } = readRunConfig(text, language);
  if (!functionConfig) return null;
  const { root } = parseText(text, language);
  const changes: ValueChange[] = [];
  if (change.start) {
    const written = nodeAt(root, ["function", "start"]);
    if (written?.kind === "object") {
      for (const [name, value] of Object.entries(change.start)) {
        changes.push({ path: ["function", "start", name], value });
      }
    } else changes.push({ path: ["function", "start"], value: change.start });
  }
  const { optimizer } = functionConfig;
  if (change.optimizer !== undefined && change.optimizer !== optimizer.type) {
    // The parameters of one optimizer mean nothing to another.
    const { weightDecay } = optimizer;
    const value = {
      type: change.optimizer,
      learningRate: change.learningRate ?? optimizer.learningRate,
      ...(weightDecay > 0 && { weightDecay }),
    };
    changes.push({ path: ["optimizer"], value });
  } else if (change.learningRate !== undefined) {
    changes.push({ path: ["optimizer", "learningRate"], value: change.learningRate });
  }
  const changed = changeValues(text, language, changes);
  // Another function's variables, or keys that stand twice: rather nothing than a config that is wrong.
  return readRunConfig(changed, language).functionRun ? changed : null;
}
