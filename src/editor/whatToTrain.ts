import { dataFormatOf, runConfigLanguage } from "../config/files";

/** A document as the editor knows it. */
export interface DocumentRef {
  /** "file", "untitled", … */
  scheme: string;
  path: string;
  languageId?: string;
}

export interface Focus {
  /** What the command was called with: the file of a CodeLens, of the explorer, of an editor's title. */
  argument?: DocumentRef;
  /** The config of the run whose charts have the focus. */
  panelConfig?: string;
  /** The document in the active editor. */
  active?: DocumentRef;
}

export type TrainingChoice =
  | { kind: "config"; file: string }
  | { kind: "data"; file: string }
  /** A run config that has never been saved: it has no folder to find its data in. */
  | { kind: "untitled" }
  /** The command was called on something that cannot be trained. */
  | { kind: "unsuitable"; path: string }
  /** Nothing tells: the user picks. */
  | { kind: "ask" };

/** What "Train Network" is about: its argument, else the focused charts, else the active editor. */
export function whatToTrain({ argument, panelConfig, active }: Focus): TrainingChoice {
  if (argument) return trainable(argument) ?? { kind: "unsuitable", path: argument.path };
  if (panelConfig) return { kind: "config", file: panelConfig };
  return (active && !isSettingsFile(active.path) && trainable(active)) || { kind: "ask" };
}

/** JSON by name that every workspace has and that holds no rows. */
export function isSettingsFile(path: string): boolean {
  if (runConfigLanguage(path) !== null) return false;
  return /(^|[/\\])(\.[^/\\]*|(package|package-lock|[jt]sconfig[^/\\]*|settings|launch|tasks|extensions)\.json|[^/\\]*\.schema\.json)$/i.test(
    path,
  );
}

/** Of the files with the extension of data: neither a run config nor JSON that every workspace has. */
export function couldBeData(path: string): boolean {
  return runConfigLanguage(path) === null && !isSettingsFile(path);
}

function trainable({ scheme, path, languageId }: DocumentRef): TrainingChoice | null {
  if (scheme === "untitled") {
    const couldBeConfig = runConfigLanguage(path) !== null || /^(jsonc?|yaml)$/.test(languageId ?? "");
    return couldBeConfig ? { kind: "untitled" } : null;
  }
  // Run configs and data are read from a disk by a worker thread, which no virtual file system reaches.
  if (scheme !== "file") return null;
  if (runConfigLanguage(path) !== null) return { kind: "config", file: path };
  return dataFormatOf(path) !== null ? { kind: "data", file: path } : null;
}
