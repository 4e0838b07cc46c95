/** The extension's entry: makes its parts and connects them. What each does is written in `editor/`. */
import path from "node:path";
import type * as vscode from "vscode";
import { registerAuthoring } from "./editor/authoring";
import { BranchRun } from "./editor/branchRun";
import { registerCommands } from "./editor/commands";
import { commandTable } from "./editor/commandTable";
import { Comparisons } from "./editor/comparisons";
import { ConfigProblems } from "./editor/configProblems";
import { followContexts } from "./editor/contexts";
import { CurrentRun } from "./editor/currentRun";
import { DataDescriptions } from "./editor/dataDescriptions";
import { DataPanels } from "./editor/dataPanels";
import { DescribeData } from "./editor/describeData";
import { disposeLog, telling } from "./editor/errors";
import { registerKeepExplored } from "./editor/keepExplored";
import { Learning } from "./editor/learning";
import { LearningRates } from "./editor/learningRates";
import { LiveRuns } from "./editor/liveRuns";
import { Models } from "./editor/models";
import { Panels } from "./editor/panels";
import { provideConfigsAsTheyWere, RunActions } from "./editor/runActions";
import { announceRuns } from "./editor/runMessages";
import { ResumeRun } from "./editor/resumeRun";
import { RunStatusBar } from "./editor/runStatusBar";
import { RunsView } from "./editor/runsView";
import { StoredRuns } from "./editor/storedRuns";
import { TrainNetwork } from "./editor/trainNetwork";
import { registerViews } from "./editor/views";

let liveRuns: LiveRuns | undefined;

export function activate(context: vscode.ExtensionContext): void {
  telling("start", () => connect(context));
}

/** The window closes or the extension is disabled: no worker outlives it. */
export async function deactivate(): Promise<void> {
  await liveRuns?.terminate();
}

function connect(context: vscode.ExtensionContext): void {
  const { extensionUri, extensionPath, subscriptions, workspaceState } = context;
  const worker = path.join(extensionPath, "dist", "worker.js");
  const live = (liveRuns = new LiveRuns(worker));
  const stored = new StoredRuns(() => live.all.map((run) => run.configFile));
  const panels: Panels = new Panels(extensionUri, workspaceState, live, stored, (id) => current.byId(id));
  const current: CurrentRun = new CurrentRun(live, stored, panels);
  const descriptions = new DataDescriptions(worker);
  const problems = new ConfigProblems(descriptions);
  const comparisons = new Comparisons(extensionUri);
  const train = new TrainNetwork(live, panels, problems, comparisons);
  const resumeRun = new ResumeRun(live, stored, panels);
  const dataPanels = new DataPanels(extensionUri, descriptions, train);
  const models = new Models(path.join(extensionPath, "dist", "cli.js"));
  const runsView = new RunsView(live, stored);
  const runActions = new RunActions(live, stored);
  const learningRates = new LearningRates(worker);
  const branchRun = new BranchRun(live, panels);
  const learning = new Learning(context, { current, train, panels, liveRuns: live });
  const runs = { liveRuns: live, storedRuns: stored, current, runsView, runActions, branchRun };
  const services = { ...runs, panels, comparisons, train, resumeRun, models, learning, learningRates };

  subscriptions.push(
    ...[{ dispose: disposeLog }, live, stored, panels, dataPanels, problems, runsView, comparisons],
    registerCommands(commandTable({ ...services, describeData: new DescribeData(dataPanels) })),
    ...[branchRun, learning, provideConfigsAsTheyWere(), registerKeepExplored(current, train)],
    registerAuthoring({ ...runs, problems, descriptions }),
    followContexts(live, stored, panels, current),
    announceRuns(live, panels, problems, comparisons),
    resumeRun.offerSoon(workspaceState),
    new RunStatusBar(live),
    registerViews(extensionUri, live, panels, dataPanels),
  );
  stored.refresh();
}
