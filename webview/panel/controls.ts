import type { RunStatus } from "../../src/protocol/run";
import type { ViewCommand } from "../../src/protocol/webview";
import { element, setAttribute } from "../dom";
import { icon, setIcon } from "../icons";
import { isFinished } from "../parts/status";
import { createButton, type Button } from "../toolkit";

/** Pause/Resume, Step, Stop, Restart; what makes no sense now is disabled and its tooltip says why. */
export class Controls {
  readonly root = element("div", "controls", { role: "toolbar", "aria-label": "Run" });
  private readonly toggle: Button;
  private readonly toggleIcon = icon("pause");
  private readonly toggleLabel = document.createTextNode("Pause");
  private readonly step: Button;
  private readonly stop: Button;
  private readonly restart: Button;
  /** What the first button does now. */
  private command: "pause" | "resume" | "resumeRun" = "pause";

  constructor(send: (command: ViewCommand) => void) {
    this.toggle = createButton({
      icon: "pause",
      label: "Pause",
      appearance: "primary",
      tooltip: "",
      onClick: () => send(this.command),
    });
    this.toggleIcon.setAttribute("slot", "start");
    this.toggle.replaceChildren(this.toggleIcon, this.toggleLabel);
    this.toggle.classList.add("toggle");
    const secondary = (command: ViewCommand, name: "step" | "stop" | "restart", label: string): Button =>
      createButton({ icon: name, label, appearance: "secondary", tooltip: "", onClick: () => send(command) });
    this.step = secondary("step", "step", "Step");
    this.stop = secondary("stop", "stop", "Stop");
    this.restart = secondary("restart", "restart", "Restart");
    this.root.append(this.toggle, this.step, this.stop, this.restart);
  }

  /**
   * @param mendable something is to be changed in the run config before training again helps
   * @param resumable the run was cut off or stopped, and is kept
   */
  update(status: RunStatus, mendable: boolean, resumable: boolean): void {
    const paused = status === "paused";
    this.command = resumable ? "resumeRun" : paused ? "resume" : "pause";
    const going = status === "running" || paused;
    const finished = isFinished(status);
    const label = this.command === "pause" ? "Pause" : "Resume";
    if (this.toggleLabel.data !== label) this.toggleLabel.data = label;
    setIcon(this.toggleIcon, this.command === "pause" ? "pause" : "play");
    setAttribute(this.toggle, "aria-label", label);
    const over = finished ? "The run has ended" : "The run has not started yet";
    const tooltips = {
      pause: "Pause after the current step",
      resume: "Go on training",
      resumeRun: "Go on from the last checkpoint",
    };
    setState(this.toggle, going || resumable, going || resumable ? tooltips[this.command] : over);
    setState(
      this.step,
      paused,
      paused ? "Make one step and pause again" : going ? "Pause first to go step by step" : over,
    );
    setState(this.stop, !finished, finished ? over : "End the run and keep what it has learned");
    // What one would do next stands out.
    setAttribute(this.toggle, "appearance", going || resumable ? "primary" : "secondary");
    const again = finished && !mendable && !resumable;
    setAttribute(this.restart, "appearance", again ? "primary" : "secondary");
    setState(
      this.restart,
      status !== "loading",
      status === "loading" ? over : "Train again from the run config",
    );
  }
}

function setState(button: Button, enabled: boolean, tooltip: string): void {
  if (button.disabled === enabled) button.disabled = !enabled;
  setAttribute(button, "title", tooltip);
}
