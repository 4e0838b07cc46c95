import * as vscode from "vscode";

type Severity = "information" | "warning" | "error";

/** A button under a message. */
export interface Remedy {
  label: string;
  run(): unknown;
}

/** Something the user can mend. The message is one sentence: what, where and what to do. */
export class UserError extends Error {
  override readonly name = "UserError";
  constructor(
    message: string,
    readonly remedies: Remedy[] = [],
    /** "information" for what is no failure: something is to be done first. */
    readonly severity: Severity = "error",
  ) {
    super(message);
  }
}

let channel: vscode.LogOutputChannel | undefined;

/** The "Downhill" output channel, made when there is first something to say. */
export function log(): vscode.LogOutputChannel {
  channel ??= vscode.window.createOutputChannel("Downhill", { log: true });
  return channel;
}

export function disposeLog(): void {
  channel?.dispose();
  channel = undefined;
}

/**
 * Shows a failure in one message, never a stack: errors meant for the user as they are, any other as "Could
 * not …" with its details in the log.
 */
export function showError(error: unknown, doing: string): void {
  if (error instanceof vscode.CancellationError) return;
  if (error instanceof UserError) return ask(error.severity, error.message, error.remedies);
  // Told by name, so that the data reader need not be loaded to recognise its errors.
  if (error instanceof Error && error.name === "DataError") return ask("error", error.message, []);
  const reason = (error instanceof Error ? error.message : String(error)).split("\n")[0];
  log().error(`Could not ${doing}.`, error instanceof Error ? (error.stack ?? error.message) : String(error));
  ask("error", `Downhill could not ${doing}: ${reason}`, [
    { label: "Show Log", run: () => log().show(true) },
  ]);
}

/** Shows a failure of what the editor calls, which itself would say nothing. */
export function telling(doing: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    showError(error, doing);
    throw error;
  }
}

/** Shows a message with buttons, and runs the chosen one; its own failure is shown in turn. */
export function ask(severity: Severity, message: string, remedies: Remedy[]): void {
  const labels = remedies.map((remedy) => remedy.label);
  const shown =
    severity === "error"
      ? vscode.window.showErrorMessage(message, ...labels)
      : severity === "warning"
        ? vscode.window.showWarningMessage(message, ...labels)
        : vscode.window.showInformationMessage(message, ...labels);
  void shown.then(async (label) => {
    const remedy = remedies.find((candidate) => candidate.label === label);
    if (!remedy) return;
    try {
      await remedy.run();
    } catch (error) {
      showError(error, remedy.label.toLowerCase());
    }
  });
}
