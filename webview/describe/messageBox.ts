import { element, setAttribute, setShown, setText } from "../dom";
import { icon } from "../icons";
import { ProgressBar } from "../parts/progressBar";
import { createButton } from "./button";

type Action = "cancel" | "again" | "openFile";

/** In place of the columns: how far the reading is, or why there is nothing to show. */
export class MessageBox {
  readonly root: HTMLElement;
  private readonly fault = element("span", "fault", {}, [icon("error")]);
  private readonly text = element("p", "", { role: "status" });
  private readonly progress = new ProgressBar();
  private readonly cancel: HTMLElement;
  private readonly again: HTMLElement;
  private readonly open: HTMLElement;

  constructor(act: (action: Action) => void) {
    const button = (action: Action, label: string, name: "stop" | "restart" | "file", tooltip: string) =>
      createButton({ icon: name, label, appearance: "secondary", tooltip, onClick: () => act(action) });
    this.cancel = button("cancel", "Cancel", "stop", "Stop reading the file");
    this.again = button("again", "Try Again", "restart", "Read the file once more");
    this.open = button("openFile", "Open File", "file", "Open the file in an editor");
    setAttribute(this.progress.root, "aria-label", "Reading");
    this.root = element("section", "message-page data-message", {}, [
      this.fault,
      this.text,
      this.progress.root,
      element("div", "actions", {}, [this.cancel, this.again, this.open]),
    ]);
    this.showText("");
  }

  hide(): void {
    setShown(this.root, false);
  }

  showLoading(message: string, fraction: number | null): void {
    this.show(message, "loading");
    this.progress.update(fraction, true);
  }

  showFailure(message: string): void {
    this.show(message, "failed");
  }

  showText(message: string): void {
    this.show(message, "text");
  }

  private show(message: string, kind: "loading" | "failed" | "text"): void {
    setShown(this.root, true);
    setText(this.text, message);
    setAttribute(this.text, "role", kind === "failed" ? "alert" : "status");
    setShown(this.fault, kind === "failed");
    setShown(this.progress.root, kind === "loading");
    setShown(this.cancel, kind === "loading");
    setShown(this.again, kind === "failed");
    setShown(this.open, kind === "failed");
  }
}
