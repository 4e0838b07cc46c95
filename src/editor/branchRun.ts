import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import { runConfigLanguage } from "../config/files";
import type { BranchSetting } from "./branchChange";
import { lastStep, stepItems, type StepItem } from "./branchSteps";
import { runConfigPattern } from "./contributed";
import { openDocument, saveDocument, showDocument } from "./documents";
import { ask, showError, UserError } from "./errors";
import type { LiveRuns, RunStart } from "./liveRuns";
import { copyOfRunConfig } from "./newRunConfig";
import type { Panels } from "./panels";
import { isFinished, type RunSource } from "./runSource";

/** What the link above a run config executes that was written for a branch. */
const startBranch = "_downhill.startBranch";

/** A branch whose config is still being written. */
interface Planned {
  folder: string;
  step: number;
  /** The run, as the user knows it. */
  name: string;
}

/** "Branch from This Run…": a step is chosen, then what shall be different from there on. */
export class BranchRun implements vscode.Disposable {
  /** By the run config that is being edited for it. */
  private readonly planned = new Map<string, Planned>();
  private readonly lensChanges = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly liveRuns: LiveRuns,
    private readonly panels: Panels,
  ) {
    const provider: vscode.CodeLensProvider = {
      onDidChangeCodeLenses: this.lensChanges.event,
      provideCodeLenses: ({ uri }) => this.lensOf(uri),
    };
    this.subscriptions = [
      this.lensChanges,
      vscode.languages.registerCodeLensProvider({ scheme: "file", pattern: runConfigPattern }, provider),
      vscode.commands.registerCommand(startBranch, (file: string) =>
        this.startPlanned(file).catch((error: unknown) => showError(error, "start the branch")),
      ),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** @param given the step, where it has been chosen already; else the user is asked */
  async run(source: RunSource, given?: unknown): Promise<void> {
    const { folder, name } = source;
    if (folder === null || !existsSync(folder))
      throw new UserError(
        `The run ${name} has no folder to branch from: it has been deleted, or kept nothing.`,
      );
    const { readAnyRunFile, readRunFile, isFunctionRun, placeOf } = await import("./onDemand");
    if (isFunctionRun(await readAnyRunFile(folder)))
      throw new UserError(
        `${name} minimises a function: drag its start or change its learning rate on the map to see another descent.`,
        [],
        "information",
      );
    const kept = await readRunFile(folder);
    const step = typeof given === "number" ? given : await chooseStep(source);
    if (step === undefined) return;
    const place = placeOf(kept, folder);
    const language = runConfigLanguage(place.configFile) ?? "json";
    const plan: Planned = { folder, step, name };
    const title = `Branch of ${name} at Step ${step.toLocaleString("en")}`;
    const { branchSettings, parseRunConfig, textAt } = await import("./onDemand");
    const text = textAt(kept.configText, language, kept.changes, step);
    const chosen = await chooseSetting(
      title,
      branchSettings(parseRunConfig(text, language).config ?? kept.config),
    );
    if (chosen === undefined) return;
    if (chosen === null) return this.edit(plan, place.configFile, text);
    const configText = await askValue(title, chosen, text, language);
    if (configText !== undefined) await this.start({ name, configText, ...place }, plan);
  }

  /** Starts the branch that a run config was written for. */
  private async startPlanned(configFile: string): Promise<void> {
    const plan = this.planned.get(configFile);
    if (!plan)
      throw new UserError(`No branch is waiting for ${path.basename(configFile)}.`, [], "information");
    const document = await openDocument(configFile);
    await saveDocument(document);
    const { readRunFile, placeOf } = await import("./onDemand");
    const { workspaceFolder } = placeOf(await readRunFile(plan.folder), plan.folder);
    const name = path.basename(configFile).replace(/\.train\.\w+$/, "");
    await this.start({ name, configFile, configText: document.getText(), workspaceFolder }, plan);
  }

  /** Writes a copy of the config for the user to change. */
  private async edit(plan: Planned, configFile: string, text: string): Promise<void> {
    const file = copyOfRunConfig(configFile, existsSync);
    await writeFile(file, text, { flag: "wx" });
    this.planned.set(file, plan);
    await showDocument(await openDocument(file));
    this.lensChanges.fire();
    ask("information", `Change ${path.basename(file)} as the branch should train, then start it.`, [
      { label: "Start Branch", run: () => this.startPlanned(file) },
    ]);
  }

  private async start(start: RunStart, { folder, step, name }: Planned): Promise<void> {
    const running = this.liveRuns.ofConfig(start.configFile);
    const begin = async (): Promise<void> => {
      const run = await this.liveRuns.start({ ...start, branch: { folder, step } });
      this.panels.open(run, { preview: false, preserveFocus: true });
      if (this.planned.delete(start.configFile)) this.lensChanges.fire();
    };
    if (!running || isFinished(running)) return begin();
    ask("information", `${name} is still being trained; its branch takes its place.`, [
      {
        label: "Stop and Branch",
        run: async () => {
          await running.end();
          await begin();
        },
      },
    ]);
  }

  private lensOf(uri: vscode.Uri): vscode.CodeLens[] {
    const plan = this.planned.get(uri.fsPath);
    if (!plan) return [];
    const title = `▷ Start Branch at Step ${plan.step.toLocaleString("en")} of ${plan.name}`;
    const tooltip = "Train on from there as this file says";
    const command = { command: startBranch, title, tooltip, arguments: [uri.fsPath] };
    return [new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), command)];
  }
}

/** Lets the user choose a step among the ends of epochs, or type one. */
async function chooseStep(source: RunSource): Promise<number | undefined> {
  const snapshot = await source.load();
  const last = lastStep(snapshot);
  if (last === 0)
    throw new UserError(`The run ${source.name} has made no step yet to branch from.`, [], "information");
  const picker = vscode.window.createQuickPick<StepItem & vscode.QuickPickItem>();
  const fill = (): void => {
    picker.items = stepItems(snapshot, picker.value);
  };
  picker.title = `Branch from ${source.name}`;
  picker.placeholder = `Choose an epoch's end, or type a step up to ${last.toLocaleString("en")}`;
  picker.matchOnDescription = true;
  picker.onDidChangeValue(fill);
  fill();
  return new Promise((resolve) => {
    picker.onDidAccept(() => {
      resolve(picker.selectedItems.at(0)?.step);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}

/** The setting that the branch changes; null for all in the config's text, undefined when the user left. */
async function chooseSetting(
  title: string,
  settings: readonly BranchSetting[],
): Promise<BranchSetting | null | undefined> {
  const items = [
    ...settings.map((setting) => ({ label: setting.label, description: setting.value, setting })),
    {
      label: "Edit the Run Config…",
      description: "optimizer, schedule, dropout and more, in a copy of it",
      setting: null,
    },
  ];
  const placeHolder = "What shall be different from there on?";
  return (await vscode.window.showQuickPick(items, { title, placeHolder }))?.setting;
}

/** The config's text with the value that the user gives. */
async function askValue(
  title: string,
  { label, path: key, value }: BranchSetting,
  text: string,
  language: "json" | "yaml",
): Promise<string | undefined> {
  const { withSetting } = await import("./onDemand");
  const typed = await vscode.window.showInputBox({
    title,
    prompt: `${label} (now ${value}). Enter starts the branch.`,
    value,
    validateInput: (input) => withSetting(text, language, key, input).problem,
  });
  return typed === undefined ? undefined : withSetting(text, language, key, typed).text;
}
