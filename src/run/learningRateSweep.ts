/** A run config that compares learning rates. */
import { changeValues } from "../config/edit";
import type { ConfigLanguage } from "../config/files";
import { parseText } from "../config/text/parseText";
import { nodeAt } from "../config/text/textTree";
import { commonText } from "../config/variants";
import { readRunConfig } from "./readRunConfig";

/** Powers of √10 around the middle. */
const powers = [-2, -1, 0, 1, 2];

const nameOfRate = (rate: number): string => `learning rate ${rate}`;

/**
 * The text with a `compare` of five learning rates, each √10 times the one before.
 *
 * @param middle the one in the middle; by default that of the run config
 * @returns null where the config is wrong, or compares something else already
 */
export function withSweep(text: string, language: ConfigLanguage, middle?: number): string | null {
  const { config, functionConfig } = readRunConfig(text, language);
  const { root } = parseText(text, language);
  const optimizer = (config ?? functionConfig)?.optimizer;
  if (!optimizer || !root || comparesOther(nodeAt(root, ["compare"]))) return null;
  const centre = middle ?? optimizer.learningRate;
  const value = powers.map((power) => {
    const learningRate = Number((centre * 10 ** (power / 2)).toPrecision(2));
    return { name: nameOfRate(learningRate), optimizer: { learningRate } };
  });
  return changeValues(text, language, [{ path: ["compare"], value }]);
}

/** The text with another learning rate. Null where the config is wrong. */
export function withLearningRate(text: string, language: ConfigLanguage, rate: number): string | null {
  if (!readRunConfig(text, language).config) return null;
  return changeValues(text, language, [{ path: ["optimizer", "learningRate"], value: rate }]);
}

/** What a run config says of the one network that its runs have in common; null where it is wrong. */
export function commonConfig(text: string, language: ConfigLanguage): string | null {
  const { config, variants } = readRunConfig(text, language);
  if (!config) return null;
  const { root } = parseText(text, language);
  return variants && root ? commonText(root) : text;
}

function comparesOther(compared: ReturnType<typeof nodeAt>): boolean {
  if (compared?.kind !== "list") return compared !== null;
  return compared.items.some((entry) => {
    const name = nodeAt(entry, ["name"]);
    return name?.kind !== "string" || !name.value.startsWith(nameOfRate(0).slice(0, -1));
  });
}
