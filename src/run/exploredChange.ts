/** What a descent that was tried in the panel means for the run config. */
import { changeValues, type ValueChange } from "../config/edit";
import type { ConfigLanguage } from "../config/files";
import { parseText } from "../config/text/parseText";
import { nodeAt, type TextNode } from "../config/text/textTree";
import { comparedEntries, plainValue, type ComparedEntry } from "../config/variants";
import type { FunctionChange } from "../protocol/webview";
import { readRunConfig } from "./readRunConfig";

/**
 * The run config with another start, learning rate or optimizer.
 *
 * @param variant of several runs that it stands for, the one whose entry is meant
 * @returns null where the text is no longer the config of that function
 */
export function withExplored(
  text: string,
  language: ConfigLanguage,
  change: FunctionChange,
  variant?: string,
): string | null {
  const { root } = parseText(text, language);
  const entry = root && variant !== undefined ? entryOf(root, variant) : null;
  const own = entry === null ? text : JSON.stringify(plainValue(entry.root));
  const { functionConfig } = readRunConfig(own, entry === null ? language : "json");
  if (!functionConfig) return null;
  const section = entry === null ? [] : ["compare", entry.index];
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
    changes.push({ path: [...section, "optimizer"], value });
  } else if (change.learningRate !== undefined) {
    changes.push({ path: [...section, "optimizer", "learningRate"], value: change.learningRate });
  }
  const changed = changeValues(text, language, changes);
  // Another function's variables, or keys that stand twice: rather nothing than a config that is wrong.
  return readRunConfig(changed, language).functionRun ? changed : null;
}

/** The entry of `compare` that a run is called by. With several starts its name has theirs after it. */
function entryOf(root: TextNode, variant: string): ComparedEntry | null {
  const entries = comparedEntries(root);
  return entries.find(({ name }) => name === variant || variant.startsWith(`${name}, start `)) ?? null;
}
