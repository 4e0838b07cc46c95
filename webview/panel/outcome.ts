import type { RunStatus } from "../../src/protocol/run";
import type { ViewCommand } from "../../src/protocol/webview";
import { element, setAttribute, setShown, setText } from "../dom";
import { icon, setIcon } from "../icons";
import { needsMending, statusInfo } from "../parts/status";
import type { RunState } from "../store";
import { createButton } from "../toolkit";

/** What the run reached or why it ended, and below it, folded, what the user should know about the data. */
export class Outcome {
  readonly root: HTMLElement;
  private readonly box = element("div", "outcome");
  private readonly svg = icon("info");
  private readonly message = element("p");
  private readonly details = element("details", "notes");
  private readonly count = element("summary");
  private readonly list = element("ul");
  private shown = "";

  private readonly openConfig: HTMLElement;

  constructor(send: (command: ViewCommand) => void) {
    this.openConfig = createButton({
      icon: "file",
      label: "Open Run Config",
      appearance: "secondary",
      tooltip: "Open the run config that this run was started from",
      onClick: () => send("openConfig"),
    });
    this.box.append(this.svg, this.message, this.openConfig);
    this.details.append(this.count, this.list);
    this.root = element("section", "outcome-section", { "aria-label": "Outcome" }, [this.box, this.details]);
  }

  update(run: RunState): void {
    const text = run.result?.message ?? fallback(run.status);
    setShown(this.box, text !== null);
    this.box.dataset["status"] = run.status;
    // A failure is announced at once, a success when the reader pauses.
    setAttribute(
      this.message,
      "role",
      run.status === "failed" || run.status === "diverged" ? "alert" : "status",
    );
    setIcon(this.svg, statusInfo(run.status).icon);
    setText(this.message, text ?? "");
    setShown(this.openConfig, run.status === "failed" || run.status === "diverged");
    setAttribute(this.openConfig, "appearance", needsMending(run) ? "primary" : "secondary");
    this.updateNotes(run.warnings, run.description?.notes ?? []);
    setShown(this.root, text !== null || !this.details.hidden);
  }

  private updateNotes(warnings: string[], notes: string[]): void {
    const key = JSON.stringify([warnings, notes]);
    if (key === this.shown) return;
    this.shown = key;
    setShown(this.details, warnings.length + notes.length > 0);
    const counts = [plural(warnings.length, "warning"), plural(notes.length, "note")].filter(
      (text) => text !== "",
    );
    setText(this.count, counts.join(" and "));
    this.list.replaceChildren(
      ...warnings.map((text) => element("li", "warning", {}, [icon("warning"), text])),
      ...notes.map((text) => element("li", "", {}, [icon("info"), text])),
    );
  }
}

function plural(count: number, noun: string): string {
  return count === 0 ? "" : `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** For a run whose end nobody could write down. */
function fallback(status: RunStatus): string | null {
  return status === "interrupted"
    ? "The run was cut off before it ended; what it had reached is shown."
    : null;
}
