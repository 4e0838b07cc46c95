import path from "node:path";
import { runNameOf } from "../config/files";
import type { HeadColumn } from "../data/head";

/** The text of a run config for a data file and the column to predict: a start to play with, and what to play with. */
export function newRunConfigText(dataFileName: string, target: string): string {
  return `{
  // Train Network, above, starts the run. Keys that are not here have defaults:
  // Ctrl+Space lists them, and hovering over one explains it.
  "data": {
    "file": ${JSON.stringify(dataFileName)},
    // The column to predict; all others are features, but for those in "ignore".
    "target": ${JSON.stringify(target)}
  },

  // The units of each hidden layer: more of them learn more, and overfit sooner.
  "network": { "hidden": [16] },

  // The learning rate says how far a step goes: try a tenth where the loss jumps
  // about, ten times as much where it crawls.
  "optimizer": { "type": "adam", "learningRate": 0.01 },

  // The rows of one step; "full" takes all of them: plain gradient descent.
  "batchSize": 32,

  // How often the rows are gone through, unless the validation loss has not
  // fallen for so many epochs.
  "epochs": 100,
  "earlyStopping": { "patience": 20 }
}
`;
}

/** Where the run config of a data file goes: "iris.train.json" beside it, else the first free "iris-2.train.json". */
export function newRunConfigFile(dataFile: string, exists: (file: string) => boolean): string {
  const stem = path.join(path.dirname(dataFile), runNameOf(dataFile.replace(/\.gz$/i, "")));
  return `${freeName(stem, exists)}.train.json`;
}

/** Where a copy of a run config goes: beside it, "iris-2.train.json" or the first free number after it. */
export function copyOfRunConfig(configFile: string, exists: (file: string) => boolean): string {
  const [, stem, extension] = /^(.*?)(\.train\.\w+)$/s.exec(configFile) ?? ["", configFile, ".train.json"];
  // The copy of a copy counts on.
  return freeName(stem.replace(/-\d+$/, ""), exists) + extension;
}

/** The first of "iris", "iris-2", "iris-3" … that no run config has. */
function freeName(stem: string, exists: (file: string) => boolean): string {
  // A YAML config of the same name would be another run of the same name.
  const taken = (name: string) =>
    ["json", "yaml", "yml"].some((extension) => exists(`${name}.train.${extension}`));
  let name = stem;
  for (let number = 2; taken(name); number++) name = `${stem}-${number}`;
  return name;
}

/** A column to choose as the target. */
export interface TargetItem {
  label: string;
  description: string;
  detail: string;
}

/** The columns of a data file in the order of `names`, with what tells them apart. */
export function targetItems(names: readonly string[], columns: readonly HeadColumn[]): TargetItem[] {
  return names.map((name, index) => {
    const column = columns.find((candidate) => candidate.name === name);
    const guess = index === 0 ? "best guess" : "";
    if (!column) return { label: name, description: guess, detail: "" };
    const more = column.distinct > column.examples.length ? ", …" : "";
    return {
      label: name,
      description: [guess, column.type === "empty" ? "no values" : column.task]
        .filter((part) => part !== "")
        .join(" · "),
      detail: column.examples.join(", ") + more,
    };
  });
}
