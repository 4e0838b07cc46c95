/** The line from the page that describes a data file to the extension host. */
import type { FromDescriptionView, ToDescriptionView } from "../../src/protocol/describe";
import { PROTOCOL_VERSION } from "../../src/protocol/run";

/** Kept by the editor over a window reload, and handed to the panel's serializer. */
export interface DescribeState {
  /** The data file. */
  path?: string;
  target?: string;
  filter?: string;
  order?: string;
}

interface VsCodeApi {
  postMessage(message: FromDescriptionView): void;
  getState(): DescribeState | undefined;
  setState(state: DescribeState): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();

/** Says that the page is ready; the host answers with what it knows. */
export function connect(listener: (message: ToDescriptionView) => void, wrongVersion: () => void): void {
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    const message = event.data as ToDescriptionView | null;
    if (message?.type === undefined) return;
    if (message.version === PROTOCOL_VERSION) listener(message);
    else wrongVersion();
  });
  api.postMessage({ type: "ready", version: PROTOCOL_VERSION });
}

export function send(message: FromDescriptionView): void {
  api.postMessage(message);
}

export function state(): DescribeState {
  return api.getState() ?? {};
}

export function updateState(change: DescribeState): void {
  api.setState({ ...state(), ...change });
}
