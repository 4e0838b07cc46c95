import path from "node:path";
import * as vscode from "vscode";
import { changeableNames, type ChangeableKey } from "../protocol/changes";
import type { RunCommand } from "../protocol/worker";
import { changeSetting } from "./changeRun";
import type { BranchRun } from "./branchRun";
import { configToPrepare } from "./clusterCommand";
import type { CommandTable } from "./commands";
import { commandIds } from "./contributed";
import { configFileOf, type CurrentRun } from "./currentRun";
import { newRunConfigFor, type DescribeData } from "./describeData";
import { fileExists, openDocument, showDocument } from "./documents";
import { UserError } from "./errors";
import type { Learning } from "./learning";
import type { LearningRates } from "./learningRates";
import type { LiveRuns } from "./liveRuns";
import type { Models } from "./models";
import type { Comparisons } from "./comparisons";
import type { Panels } from "./panels";
import type { RunActions } from "./runActions";
import type { RunsView } from "./runsView";
import type { ResumeRun } from "./resumeRun";
import { mergeRuns, type RunSource } from "./runSource";
import { runIcon, runItemDescription } from "./runTexts";
import type { StoredRuns } from "./storedRuns";
import type { TrainNetwork } from "./trainNetwork";

export interface CommandServices {
  liveRuns: LiveRuns;
  storedRuns: StoredRuns;
  panels: Panels;
  current: CurrentRun;
  train: TrainNetwork;
  resumeRun: ResumeRun;
  describeData: DescribeData;
  models: Models;
  runsView: RunsView;
  runActions: RunActions;
  comparisons: Comparisons;
  learningRates: LearningRates;
  branchRun: BranchRun;
  learning: Learning;
}

/** What every command does. Arguments come from links, menus, the list of runs and webviews. */
export function commandTable({
  liveRuns,
  storedRuns,
  panels,
  current,
  train,
  resumeRun,
  describeData,
  models,
  runsView,
  runActions,
  comparisons,
  branchRun,
  learning,
  learningRates,
}: CommandServices): CommandTable {
  const noRun = (message: string) =>
    new UserError(
      message,
      [{ label: "Train Network", run: () => vscode.commands.executeCommand(commandIds.trainNetwork) }],
      "information",
    );

  /** The run that an argument names, else the current one. */
  const runFor = async (argument: unknown): Promise<RunSource> => {
    await storedRuns.ready();
    const run = argument === undefined ? current.run() : await current.named(argument);
    if (!run) throw noRun("There is no run yet: train a network first.");
    return run;
  };

  /** The runs that a menu was opened on, else those selected in the list, else the current one. */
  const runsFor = async (argument: unknown, selection: unknown): Promise<RunSource[]> => {
    const chosen: unknown[] = Array.isArray(selection) ? selection : argument === undefined ? [] : [argument];
    // A run config that is selected too is not meant: nobody would expect its newest run to be deleted.
    const named = await Promise.all(
      chosen.filter((item) => configFileOf(item) === null).map((item) => current.named(item)),
    );
    const runs = named.filter((run) => run !== undefined);
    if (runs.length > 0) return runs;
    return runsView.selected.length > 0 ? runsView.selected : [await runFor(undefined)];
  };

  const control = (command: RunCommand) => async (argument: unknown) => {
    const run = await current.unfinished(argument);
    if (!run) throw noRun("No network is being trained now.");
    // Of a run config that stands for several runs, all are meant.
    const meant = argument instanceof vscode.Uri ? liveRuns.startedWith(run) : [run];
    for (const one of meant) one.send(command);
  };

  const changing = (key: ChangeableKey) => ({
    doing: `change the ${changeableNames[key]}`,
    run: (argument: unknown, value: unknown) => changeSetting(current, key, argument, value),
  });

  const showCharts = async (argument: unknown) => {
    await storedRuns.ready();
    // Without a run that is current, the newest one is meant.
    const newest = mergeRuns<RunSource, RunSource>(liveRuns.all, storedRuns.runs)[0];
    const run = argument === undefined ? (current.run() ?? newest) : await current.named(argument);
    if (!run) throw noRun("There are no charts yet: train a network first.");
    const { comparison } = run;
    if (comparison && argument instanceof vscode.Uri) {
      const all = mergeRuns<RunSource, RunSource>(liveRuns.all, storedRuns.runs);
      const together = all.filter((other) => other.comparison?.id === comparison.id);
      if (together.length > 1) {
        comparisons.openTogether(together, { preserveFocus: false });
        return;
      }
    }
    panels.open(run, { preview: false, preserveFocus: false });
  };

  const pickRun = async (title: string, placeHolder: string): Promise<RunSource | undefined> => {
    await storedRuns.ready();
    const runs = mergeRuns<RunSource, RunSource>(liveRuns.all, storedRuns.runs);
    if (runs.length === 0) throw noRun("There are no runs yet: train a network first.");
    const items = runs.map((run) => ({
      label: run.name,
      description: runItemDescription(run, Date.now(), null, null),
      detail: run.result?.message,
      iconPath: new vscode.ThemeIcon(runIcon(run.status).icon),
      run,
    }));
    const options = { title, placeHolder, matchOnDescription: true };
    return (await vscode.window.showQuickPick(items, options))?.run;
  };

  /** The run of an argument or of the focused charts; else the user picks. */
  const runWithModel = (argument: unknown, title: string, placeHolder: string) =>
    argument === undefined && !panels.focused ? pickRun(title, placeHolder) : runFor(argument);

  return {
    [commandIds.trainNetwork]: {
      doing: "train the network",
      run: (argument, variant) => train.run(argument, variant),
    },
    [commandIds.newRunConfig]: {
      doing: "make a run config",
      run: async (argument) => {
        const configFile = await newRunConfigFor(argument);
        if (configFile !== undefined) await showDocument(await openDocument(configFile));
      },
    },
    [commandIds.describeData]: { doing: "describe the data", run: (argument) => describeData.run(argument) },
    [commandIds.showCharts]: { doing: "show the charts", run: showCharts },
    [commandIds.pause]: { doing: "pause training", run: control({ type: "pause" }) },
    [commandIds.resume]: { doing: "resume training", run: control({ type: "resume" }) },
    [commandIds.step]: { doing: "make one step", run: control({ type: "step" }) },
    [commandIds.stop]: { doing: "stop training", run: control({ type: "stop" }) },
    [commandIds.changeLearningRate]: changing("optimizer.learningRate"),
    [commandIds.changeBatchSize]: changing("batchSize"),
    [commandIds.changeMomentum]: changing("optimizer.momentum"),
    [commandIds.restart]: {
      doing: "restart training",
      run: async (argument) => {
        const { configFile, comparison } = await runFor(argument);
        await train.restart(configFile, comparison?.name);
      },
    },
    [commandIds.resumeRun]: {
      doing: "resume the run",
      run: async (argument) => {
        const run = argument === undefined ? await resumeRun.choose() : await runFor(argument);
        if (run) await resumeRun.run(run);
      },
    },
    [commandIds.branchRun]: {
      doing: "branch from the run",
      run: async (argument, step) => {
        const run = await runWithModel(argument, "Branch from Run", "Choose a run to branch from");
        if (run) await branchRun.run(run, step);
      },
    },
    [commandIds.openRun]: {
      doing: "open the run",
      run: async (argument) => {
        const run =
          argument === undefined
            ? await pickRun("Open Run", "Choose a run to see its charts")
            : await runFor(argument);
        if (run) panels.open(run, { preview: true, preserveFocus: false });
      },
    },
    [commandIds.openRunConfig]: {
      doing: "open the run config",
      run: async (argument) => {
        await showDocument(await openDocument((await runFor(argument)).configFile));
      },
    },
    [commandIds.revealRunFolder]: {
      doing: "reveal the run's folder",
      run: async (argument) => {
        const { folder, name } = await runFor(argument);
        if (folder === null || !(await fileExists(folder)))
          throw new UserError(`The run ${name} has no folder: it has been deleted, or the run kept nothing.`);
        await reveal(folder);
      },
    },
    [commandIds.exportModel]: {
      doing: "export the model",
      run: async (argument, destination) => {
        const run = await runWithModel(argument, "Export Model", "Choose a run to export");
        if (run) await models.export(run, destination);
      },
    },
    [commandIds.predict]: {
      doing: "predict with the model",
      run: async (argument, dataFile) => {
        const run = await runWithModel(argument, "Predict with This Model", "Choose a run to predict with");
        if (run) await models.predict(run, dataFile);
      },
    },
    [commandIds.renameRun]: {
      doing: "rename the run",
      run: async (argument, selection) => runActions.rename((await runsFor(argument, selection))[0]),
    },
    [commandIds.pinRun]: {
      doing: "pin the run",
      run: async (argument, selection) => runActions.pin(await runsFor(argument, selection), true),
    },
    [commandIds.unpinRun]: {
      doing: "unpin the run",
      run: async (argument, selection) => runActions.pin(await runsFor(argument, selection), false),
    },
    [commandIds.deleteRun]: {
      doing: "delete the run",
      run: async (argument, selection) => runActions.delete(await runsFor(argument, selection)),
    },
    [commandIds.restoreRuns]: { doing: "restore deleted runs", run: () => runActions.restore() },
    [commandIds.openConfigAsItWas]: {
      doing: "open the run config as it was",
      run: async (argument) => runActions.openConfigAsItWas(await runFor(argument)),
    },
    [commandIds.copyAsRunConfig]: {
      doing: "copy the run config",
      run: async (argument) => runActions.copyAsRunConfig(await runFor(argument)),
    },
    [commandIds.sweepLearningRate]: {
      doing: "compare learning rates",
      run: (argument) => learningRates.sweep(configIn(argument)),
    },
    [commandIds.testLearningRates]: {
      doing: "test learning rates",
      run: (argument) => learningRates.test(configIn(argument)),
    },
    [commandIds.compareRuns]: {
      doing: "compare the runs",
      run: async (argument, selection) => comparisons.open(await runsFor(argument, selection)),
    },
    [commandIds.getStarted]: { doing: "open the walkthrough", run: () => learning.openWalkthrough() },
    [commandIds.openDocs]: { doing: "open the documents", run: (page) => learning.openDocs(page) },
    [commandIds.createExampleFiles]: {
      doing: "create the example files",
      run: () => learning.starter.createAndTell(),
    },
    [commandIds.copyClusterCommand]: {
      doing: "prepare the run for a cluster",
      run: async (argument) =>
        models.copyClusterCommand(configToPrepare(argument) ?? (await runFor(argument)).configFile),
    },
    [commandIds.filterRuns]: {
      doing: "filter the runs",
      run: async () => {
        const words = await vscode.window.showInputBox({
          title: "Filter Runs",
          prompt: "Words of a run's name, status, result or settings, such as: iris completed adam",
          value: runsView.filter,
        });
        if (words !== undefined) runsView.setFilter(words);
      },
    },
    [commandIds.clearRunFilter]: { doing: "show all runs", run: () => runsView.setFilter("") },
  };
}

/** The run config that a menu was opened on; null for the active editor's. */
function configIn(argument: unknown): string | null {
  return argument instanceof vscode.Uri ? argument.fsPath : configFileOf(argument);
}

/** In the explorer of a workspace folder; in the system's file manager outside of one. */
async function reveal(folder: string): Promise<void> {
  const uri = vscode.Uri.file(folder);
  const inside = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  if (!inside && vscode.env.remoteName !== undefined)
    throw new UserError(`The run is kept in ${path.dirname(folder)}; open that folder to see it.`);
  await vscode.commands.executeCommand(inside ? "revealInExplorer" : "revealFileInOS", uri);
}
