import type { ViewCommand } from "../../src/protocol/webview";
import { element, setShown, setText } from "../dom";
import type { RunState } from "../store";
import { createButton } from "../toolkit";

/** The middle of the panel when there is nothing to draw: no run, a run that loads, one that failed before it began. */
export class MessagePage {
  readonly root: HTMLElement;
  private readonly heading = element("h1", "visually-hidden", {}, ["Downhill"]);
  private readonly message = element("p", "", { role: "status" });
  private readonly train: HTMLElement;
  private readonly spinner = element("div", "spinner", { "aria-hidden": "true" });

  constructor(send: (command: ViewCommand) => void) {
    this.train = createButton({
      icon: "play",
      label: "Train Network",
      appearance: "primary",
      tooltip: "Train a network on the data file or run config that is open",
      onClick: () => send("train"),
    });
    this.root = element("section", "message-page", {}, [
      this.heading,
      this.spinner,
      this.message,
      this.train,
    ]);
  }

  showEmpty(): void {
    setShown(this.heading, true);
    setShown(this.spinner, false);
    setShown(this.train, true);
    setText(this.message, "No run yet: open a data file or a run config and train a network on it.");
  }

  showLoading(run: RunState): void {
    setShown(this.heading, false);
    setShown(this.spinner, run.status === "loading");
    setShown(this.train, false);
    setText(
      this.message,
      run.status === "loading"
        ? (run.loading ?? "Starting the run")
        : "This run ended before its first step.",
    );
  }

  showText(text: string): void {
    setShown(this.heading, true);
    setShown(this.spinner, false);
    setShown(this.train, false);
    setText(this.message, text);
  }
}
