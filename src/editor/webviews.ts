import * as vscode from "vscode";
import type { LayoutMessage } from "../protocol/layout";
import type { FromWebview, ToWebview, ViewCommand } from "../protocol/webview";
import { changeCommands } from "./changeRun";
import type { LabAnswer } from "../protocol/surface";
import { commandIds, type CommandId } from "./contributed";
import { applyAdviceCommand } from "./applyAdvice";
import { showError } from "./errors";
import { keepExploredCommand } from "./keepExplored";
import type { LabDesk, Labs } from "./labs";
import type { PanelLayouts } from "./panelLayouts";
import { RunFeed } from "./runFeed";
import { openRow } from "./openRow";
import { saveFigure } from "./saveFigure";
import { walkedCommand } from "./walkthrough";
import { createNonce, webviewPage } from "./webviewPage";

const commandOf: Record<ViewCommand, CommandId> = {
  pause: commandIds.pause,
  resume: commandIds.resume,
  step: commandIds.step,
  stop: commandIds.stop,
  restart: commandIds.restart,
  resumeRun: commandIds.resumeRun,
  train: commandIds.trainNetwork,
  showCharts: commandIds.showCharts,
  openConfig: commandIds.openRunConfig,
  openFolder: commandIds.revealRunFolder,
  exportModel: commandIds.exportModel,
  predict: commandIds.predict,
  branchRun: commandIds.branchRun,
};

/** The only place that webviews may load from. */
export function webviewOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, "dist", "webview")] };
}

/** The page that loads one of the bundles into a webview. */
export function pageOf(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  bundle: "panel" | "side" | "describe" | "compare",
  title: string,
): string {
  const address = (file: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, "dist", "webview", file)).toString();
  return webviewPage({
    cspSource: webview.cspSource,
    script: address(`${bundle}.js`),
    style: address(`${bundle}.css`),
    title,
    nonce: createNonce(),
  });
}

/**
 * Fills a webview with one of the bundles and connects it: a feed of one run goes in, commands come out and
 * take the same road as those of menus and keys.
 */
export function connectWebview(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  bundle: "panel" | "side",
  title: string,
  layouts?: PanelLayouts,
  labs?: Labs,
): { feed: RunFeed; desk: LabDesk | undefined; dispose(): void } {
  const post = (message: ToWebview | LayoutMessage | LabAnswer) => void webview.postMessage(message);
  const removeLayout = layouts?.add(post);
  const desk = labs?.desk(post);
  const feed = new RunFeed(
    // Never awaited: a page that is being closed answers late or not at all.
    post,
    (error) => showError(error, "read the run"),
  );
  const subscription = webview.onDidReceiveMessage((message: FromWebview) => {
    if (message.type === "ready") {
      layouts?.ready(post);
      feed.ready();
    } else if (message.type === "layout") layouts?.changed(post, message.layout);
    else if (message.type === "save") void saveFigure(message);
    else if (message.type === "openRow") void openRow(feed.source, message.file, message.line);
    else if (message.type === "branch")
      void vscode.commands.executeCommand(commandIds.branchRun, message.run, message.step);
    else if (message.type === "change")
      for (const { key, value } of message.changes)
        void vscode.commands.executeCommand(changeCommands[key], message.run, value);
    else if (message.type === "askLab" || message.type === "leaveLab") desk?.receive(message);
    else if (message.type === "explored") void vscode.commands.executeCommand(keepExploredCommand, message);
    else if (message.type === "advice") void vscode.commands.executeCommand(applyAdviceCommand, message);
    else if (message.type === "page") void vscode.commands.executeCommand(commandIds.openDocs, message.page);
    else if (message.type === "read") void vscode.commands.executeCommand(walkedCommand, message);
    else if (Object.hasOwn(commandOf, message.command)) {
      const id = commandOf[message.command];
      const about = message.command === "train" ? [] : [message.run ?? feed.source?.id];
      void vscode.commands.executeCommand(id, ...about);
    }
  });
  webview.html = pageOf(webview, extensionUri, bundle, title);
  return {
    feed,
    desk,
    dispose() {
      removeLayout?.();
      subscription.dispose();
      desk?.clear();
      feed.dispose();
    },
  };
}
