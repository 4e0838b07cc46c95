import path from "node:path";
import * as vscode from "vscode";
import { runConfigLanguage, runNameOf } from "../config/files";
import type { Problem } from "../config/problem";
import type { RunVariant } from "../config/variants";
import type { Comparisons } from "./comparisons";
import { rangeOf, type ConfigProblems } from "./configProblems";
import { commandIds, dataFileExtensions, dataFilePattern, runConfigPattern } from "./contributed";
import { createRunConfig } from "./createRunConfig";
import { configFileOf } from "./currentRun";
import {
  activeDocument,
  documentRef,
  openDocument,
  relativePath,
  saveDocument,
  showDocument,
} from "./documents";
import { ask, UserError } from "./errors";
import { workspaceFolderOf, type LiveRuns, type LiveSource } from "./liveRuns";
import type { Panels } from "./panels";
import { isFinished } from "./runSource";
import { isSettingsFile, whatToTrain } from "./whatToTrain";

/** The command "Train Network": finds out what to train and starts it. */
export class TrainNetwork {
  constructor(
    private readonly liveRuns: LiveRuns,
    private readonly panels: Panels,
    private readonly problems: ConfigProblems,
    private readonly comparisons: Comparisons,
  ) {}

  /**
   * `argument` is the address of a run config or a data file, or an item of the list, when a menu or a link called; `variant` names
   * one of the runs that a run config stands for.
   */
  async run(argument?: unknown, variant?: unknown): Promise<void> {
    if (argument instanceof vscode.Uri && typeof variant === "string")
      return this.trainConfig(argument.fsPath, variant);
    const listed = configFileOf(argument);
    if (listed !== null) return this.trainConfig(listed);
    const choice = whatToTrain({
      argument: argument instanceof vscode.Uri ? documentRef(argument) : undefined,
      panelConfig: this.panels.focused?.configFile,
      active: activeDocument(),
    });
    switch (choice.kind) {
      case "config":
        return this.trainConfig(choice.file);
      case "data":
        return this.trainData(choice.file);
      case "untitled":
        throw new UserError(
          "Save this file as NAME.train.json first: its folder tells where the data are.",
          [{ label: "Save As…", run: () => vscode.commands.executeCommand("workbench.action.files.saveAs") }],
          "information",
        );
      case "unsuitable":
        throw new UserError(
          `${path.basename(choice.path)} cannot be trained: choose a run config (NAME.train.json) or a data file (${dataFileExtensions}) on a disk.`,
        );
      case "ask":
        return this.askWhatToTrain();
    }
  }

  /** Trains a run config from its beginning; while it is being trained, offers to restart it. */
  async trainConfig(configFile: string, variant?: string): Promise<void> {
    const running = this.meant(configFile, variant).find((run) => !isFinished(run));
    if (!running) return this.start(configFile, variant);
    ask("information", `${running.name} is being trained already.`, [
      { label: "Restart", run: () => this.restart(configFile, variant) },
      { label: "Show Charts", run: () => vscode.commands.executeCommand(commandIds.showCharts, running.id) },
    ]);
  }

  /** Stops the runs of the config, if there are any, and trains it from its beginning. @param variant one of those it stands for */
  async restart(configFile: string, variant?: string): Promise<void> {
    await Promise.all(this.meant(configFile, variant).map((run) => run.end()));
    await this.start(configFile, variant);
  }

  /** The config's runs of this window; of one that stands for several, those of the variant alone. */
  private meant(configFile: string, variant: string | undefined): LiveSource[] {
    const all = this.liveRuns.allOfConfig(configFile);
    return variant === undefined ? all : all.filter(({ comparison }) => comparison?.name === variant);
  }

  /** Shows a problem of a run config at its place. */
  async showProblem(document: vscode.TextDocument, problem: Problem): Promise<void> {
    await showDocument(document, rangeOf(document, problem));
  }

  private async start(configFile: string, variant?: string): Promise<void> {
    if (runConfigLanguage(configFile) === null)
      throw new UserError(
        `${path.basename(configFile)} is no run config; its name must end in .train.json or .train.yaml.`,
      );
    const document = await openDocument(configFile);
    await saveDocument(document);
    const first = (await this.problems.problemsOf(document)).find(({ severity }) => severity === "error");
    if (first) return this.refuse(document, first);
    this.problems.clearRunFailure(document.uri);
    const configText = document.getText();
    const workspaceFolder = workspaceFolderOf(configFile);
    const variants = await variantsOf(configText, configFile);
    if (variants) return this.startSeveral({ configFile, workspaceFolder }, variants, variant);
    const name = runNameOf(configFile);
    const run = await this.liveRuns.start({ name, configFile, configText, workspaceFolder });
    this.panels.open(run, { preview: false, preserveFocus: true });
  }

  /** Starts all the runs that a config stands for, or one of them. */
  private async startSeveral(
    place: { configFile: string; workspaceFolder: string },
    variants: readonly RunVariant[],
    only?: string,
  ): Promise<void> {
    const one = variants.some(({ name }) => name === only);
    const runs = await this.liveRuns.startSeveral(place, variants, (name) => !one || name === only);
    if (one) this.panels.open(runs[0], { preview: false, preserveFocus: true });
    else this.comparisons.openTogether(runs, { preserveFocus: true });
  }

  private async refuse(document: vscode.TextDocument, problem: Problem): Promise<void> {
    await this.showProblem(document, problem);
    const line = document.positionAt(problem.start).line + 1;
    throw new UserError(`${path.basename(document.fileName)}, line ${line}: ${problem.message}`, [
      { label: "Go to Problem", run: () => this.showProblem(document, problem) },
    ]);
  }

  /**
   * Opens a run config for a data file and trains it.
   *
   * @param target the column to predict, where it has been chosen already
   */
  async trainData(dataFile: string, target?: string): Promise<void> {
    const configFile = await this.openConfigFor(dataFile, target);
    if (configFile !== undefined) await this.trainConfig(configFile);
  }

  /** Opens a run config for a data file, a new one if need be. Returns its path, or undefined when the user left. */
  async openConfigFor(dataFile: string, target?: string): Promise<string | undefined> {
    const configFile = await createRunConfig(dataFile, target);
    if (configFile !== undefined) await showDocument(await openDocument(configFile));
    return configFile;
  }

  private async askWhatToTrain(): Promise<void> {
    if (!vscode.workspace.workspaceFolders?.length)
      throw new UserError(
        `Open a data file (${dataFileExtensions}), a run config or a folder that has some, then train.`,
        [
          {
            label: "Open File…",
            run: () => vscode.commands.executeCommand("workbench.action.files.openFile"),
          },
          {
            label: "Open Folder…",
            run: () => vscode.commands.executeCommand("workbench.action.files.openFolder"),
          },
        ],
        "information",
      );
    const configs = await this.findFiles(runConfigPattern);
    const data = async () =>
      (await this.findFiles(dataFilePattern)).filter(({ fsPath }) => !isSettingsFile(fsPath));
    const found = configs.length > 0 ? configs : await data();
    if (found.length === 0)
      throw new UserError(
        `This workspace has neither a run config (NAME.train.json) nor a data file (${dataFileExtensions}); add one and train again.`,
      );
    const chosen = await vscode.window.showQuickPick(
      found.map((uri) => ({
        label: path.basename(uri.fsPath),
        description: folderText(uri),
        file: uri.fsPath,
      })),
      {
        title: "Train Network",
        placeHolder: configs.length > 0 ? "Choose a run config to train" : "Choose a data file to train on",
        matchOnDescription: true,
      },
    );
    if (!chosen) return;
    await (configs.length > 0 ? this.trainConfig(chosen.file) : this.trainData(chosen.file));
  }

  private async findFiles(pattern: string): Promise<vscode.Uri[]> {
    const found = await vscode.workspace.findFiles(pattern, "**/{node_modules,.downhill,.git}/**", 500);
    return found.filter(({ scheme }) => scheme === "file").sort((a, b) => (a.fsPath < b.fsPath ? -1 : 1));
  }
}

async function variantsOf(text: string, configFile: string): Promise<readonly RunVariant[] | null> {
  const { readRunConfig } = await import("./onDemand");
  return readRunConfig(text, runConfigLanguage(configFile) ?? "json").variants;
}

/** The folder of a file as the user knows it; nothing at the workspace's top. */
function folderText(uri: vscode.Uri): string {
  const folder = path.dirname(relativePath(uri.fsPath));
  return folder === "." ? "" : folder;
}
