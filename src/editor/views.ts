import * as vscode from "vscode";
import { viewIds } from "./contributed";
import type { DataPanels } from "./dataPanels";
import type { LiveRuns } from "./liveRuns";
import { LossChartView } from "./lossChartView";
import type { Panels } from "./panels";

/** Registers the view in the side bar, and what brings panels back after a window reload. */
export function registerViews(
  extensionUri: vscode.Uri,
  liveRuns: LiveRuns,
  panels: Panels,
  dataPanels: DataPanels,
): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.window.registerWebviewViewProvider(viewIds.lossChart, new LossChartView(extensionUri, liveRuns)),
    vscode.window.registerWebviewPanelSerializer(viewIds.panel, panels),
    vscode.window.registerWebviewPanelSerializer(viewIds.data, dataPanels),
  );
}
