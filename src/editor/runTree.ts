/** The list of runs as a tree: run configs, and under each its runs. */
import path from "node:path";
import { headline, statusWord } from "./runTexts";
import type { RunSource } from "./runSource";

export interface ConfigNode {
  readonly kind: "config";
  /** The run config's path. */
  readonly id: string;
  readonly configFile: string;
  readonly name: string;
  /** The config's folder, where another config has the same name; else "". */
  readonly place: string;
  /** All of its runs that pass the filter. */
  readonly count: number;
  readonly children: readonly (RunNode | MoreNode)[];
}

export interface RunNode {
  readonly kind: "run";
  /** The run's id. */
  readonly id: string;
  readonly run: RunSource;
  /** The run before it of the same config, which its settings are compared with; null for the first. */
  readonly before: RunSource | null;
}

/** Shows more of the runs of a config. */
export interface MoreNode {
  readonly kind: "more";
  readonly id: string;
  readonly configFile: string;
  readonly hidden: number;
}

export type TreeNode = ConfigNode | RunNode | MoreNode;

export interface TreeOptions {
  /** Words that must all be found in a run. */
  filter: string;
  /** How many runs of a config are shown. */
  limitOf: (configFile: string) => number;
}

/**
 * @param runs newest first
 * @returns run configs, the one with the newest run first; in each pinned runs first, then the newest
 */
export function runTree(runs: readonly RunSource[], { filter, limitOf }: TreeOptions): ConfigNode[] {
  const groups = new Map<string, RunSource[]>();
  for (const run of runs) {
    const group = groups.get(run.configFile);
    if (group) group.push(run);
    else groups.set(run.configFile, [run]);
  }
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return [...groups].flatMap(([configFile, all]) => {
    const passing = all
      .map((run, index): RunNode => ({ kind: "run", id: run.id, run, before: all[index + 1] ?? null }))
      .filter(({ run }) => words.length === 0 || passes(run, words));
    if (passing.length === 0) return [];
    const pinned = passing.filter(({ run }) => run.pinned);
    const others = passing.filter(({ run }) => !run.pinned);
    const shown = [...pinned, ...others].slice(0, Math.max(limitOf(configFile), pinned.length));
    const hidden = passing.length - shown.length;
    const more: MoreNode[] =
      hidden > 0 ? [{ kind: "more", id: `${configFile}#more`, configFile, hidden }] : [];
    const name = configNameOf(all[0]);
    const twins = [...groups.values()].filter(([other]) => configNameOf(other) === name).length > 1;
    return [
      {
        kind: "config",
        id: configFile,
        configFile,
        name,
        place: twins ? path.dirname(configFile) : "",
        count: passing.length,
        children: [...shown, ...more],
      },
    ];
  });
}

/** Of one of several runs without what tells it from the others. */
function configNameOf({ name, comparison }: RunSource): string {
  return comparison ? name.slice(0, -`: ${comparison.name}`.length) : name;
}

function passes(run: RunSource, words: readonly string[]): boolean {
  const settings = Object.entries(run.settings ?? {}).map(([key, value]) => `${key} ${value}`);
  const figure = headline(run.result?.training ?? null, run.result?.validation ?? null) ?? "";
  const text = [
    run.name,
    run.title ?? "",
    run.pinned ? "pinned" : "",
    statusWord(run.status),
    figure,
    ...settings,
  ]
    .join("\n")
    .toLowerCase();
  return words.every((word) => text.includes(word));
}
