/** The line to the extension host. */
import type { SettingChange } from "../src/protocol/changes";
import { PROTOCOL_VERSION } from "../src/protocol/run";
import type { LayoutMessage, PanelLayout } from "../src/protocol/layout";
import type { FromComparison, ToComparison } from "../src/protocol/comparison";
import type { SaveMessage } from "../src/protocol/save";
import type { AskLab, LabAnswer } from "../src/protocol/surface";
import type { FromWebview, FunctionChange, ToWebview, ViewCommand } from "../src/protocol/webview";

/** Kept by the editor over a window reload, and handed to the panel's serializer. */
export interface ViewState {
  /** Id of the run that is shown. */
  run?: string;
  /** Charts with a logarithmic axis. */
  logarithmic?: string[];
  /** Lines that the legend hides. */
  hidden?: string[];
  /** By the id of a chart. */
  charts?: Record<string, ChartSettings>;
}

/** How a person has set up one chart. */
export interface ChartSettings {
  x?: "step" | "epoch" | "time";
  logX?: boolean;
  /** Steps whose mean is drawn; 0 for none. */
  smoothing?: number | "auto";
  table?: boolean;
}

interface VsCodeApi {
  postMessage(message: FromWebview | FromComparison): void;
  getState(): ViewState | undefined;
  setState(state: ViewState): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();

/** Says that the page is ready; the host answers with a snapshot. */
export function connect(listener: (message: ToWebview) => void, wrongVersion: () => void): void {
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    const message = event.data as ToWebview | null;
    if (message?.type === "delta") listener(message);
    else if (message?.type === "snapshot") {
      if (message.version === PROTOCOL_VERSION) listener(message);
      else wrongVersion();
    }
  });
  api.postMessage({ type: "ready", version: PROTOCOL_VERSION });
}

/** Listens for how the cards are arranged; says it when a person arranges them. */
export function connectLayout(listener: (layout: PanelLayout) => void): (layout: PanelLayout) => void {
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    const message = event.data as LayoutMessage | null;
    if (message?.type === "layout") listener(message.layout);
  });
  return (layout) => api.postMessage({ type: "layout", layout });
}

/** As `connect`, for the view that compares runs. */
export function connectComparison(
  listener: (message: ToComparison) => void,
  wrongVersion: () => void,
): { open: (run: string) => void; stop: () => void } {
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    const message = event.data as ToComparison | null;
    if (message?.type !== "comparison") return;
    if (message.version === PROTOCOL_VERSION) listener(message);
    else wrongVersion();
  });
  api.postMessage({ type: "ready", version: PROTOCOL_VERSION });
  return {
    open: (run) => api.postMessage({ type: "open", run }),
    stop: () => api.postMessage({ type: "stop" }),
  };
}

/** Asks the host to change settings of a run that goes on. */
export function changeRun(run: string, changes: SettingChange[]): void {
  api.postMessage({ type: "change", run, changes });
}

export function send(command: ViewCommand, run: string | null): void {
  api.postMessage({ type: "command", command, run });
}

/** Asks the host to write an explored descent into the run config, and to run it if that is wanted. */
export function keepExplored(run: string, action: "save" | "train", change: FunctionChange): void {
  api.postMessage({ type: "explored", run, action, change });
}

/** Asks the host to write a remedy into the run config, and to train again if that is wanted. */
export function applyAdvice(run: string, id: string, fix: number, action: "apply" | "rerun"): void {
  api.postMessage({ type: "advice", run, id, fix, action });
}

/** Asks the host to write a file where the person says. */
export function saveFile(name: string, format: SaveMessage["format"], data: SaveMessage["data"]): void {
  api.postMessage({ type: "save", name, format, data });
}

/** Asks the host to show a page of the documents. */
export function openPage(page: string): void {
  api.postMessage({ type: "page", page });
}

/** Says that the values of a chart are being read. */
export function chartRead(chart: string): void {
  api.postMessage({ type: "read", chart });
}

/** Asks the host for a run that goes on from a step of another with other settings. */
export function branchFrom(run: string, step: number): void {
  api.postMessage({ type: "branch", run, step });
}

/** Asks the host to show a line of a data file. */
export function openRow(run: string, file: string, line: number): void {
  api.postMessage({ type: "openRow", run, file, line });
}

/** Asks the host for something that the run's lab computes. */
export function askLab(message: AskLab): void {
  api.postMessage(message);
}

export function onLabAnswer(listener: (answer: LabAnswer) => void): void {
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    const message = event.data as LabAnswer | null;
    if (message?.type === "lab") listener(message);
  });
}

export function viewState(): ViewState {
  return api.getState() ?? {};
}

/** Writes only when something changes: the editor stores every state. */
export function updateViewState(change: ViewState): void {
  const before = viewState();
  const after = { ...before, ...change };
  if (JSON.stringify(before) !== JSON.stringify(after)) api.setState(after);
}
