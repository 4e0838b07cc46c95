import path from "node:path";
import { runNameOf } from "../config/files";
import type { HeadColumn } from "../data/head";

/** The text of a run config for a data file and the column to predict: short, and a start to play with. */
export function newRunConfigText(dataFileName: string, target: string): string {
  const data = `{ "file": ${JSON.stringify(dataFileName)}, "target": ${JSON.stringify(target)} }`;
  return `{
  // Train Network (above this line) starts the run. Every other key has a default; Ctrl+Space lists them.
  "data": ${data},
  "network": { "hidden": [16] },
  "optimizer": { "type": "adam", "learningRate": 0.01 },
  "batchSize": 32,
  "epochs": 100
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
