import { lastStep } from "../charts/curves";
import type { Cursor } from "../cursor";
import { element, setAttribute, setShown, setText } from "../dom";
import { formatCount, formatNumber } from "../format";
import type { RunState } from "../store";
import { indexAt } from "../thin";
import { createButton, type Button } from "../toolkit";

/** A slider over the whole run: a past step is shown on all charts and on the path, and a branch can begin there. */
export class Scrubber {
  readonly root: HTMLElement;
  private readonly slider = element("input", "scrubber-slider", {
    type: "range",
    min: "0",
    step: "1",
    "aria-label": "Step of the run",
  });
  private readonly words = element("span", "scrubber-words");
  private readonly latest: Button;
  private readonly branch: Button;

  constructor(
    private readonly cursor: Cursor,
    branchFrom: (step: number) => void,
  ) {
    this.latest = createButton({
      label: "Latest",
      icon: "step",
      appearance: "secondary",
      tooltip: "Leave the past and follow the run again",
      onClick: () => cursor.pin(null),
    });
    this.branch = createButton({
      label: "Branch from Here",
      icon: "restart",
      appearance: "secondary",
      tooltip: "Train on from this step with other settings, as a run of its own",
      onClick: () => branchFrom(Number(this.slider.value)),
    });
    this.slider.addEventListener("input", () => cursor.pin(Number(this.slider.value)));
    this.root = element("div", "scrubber", {}, [this.slider, this.words, this.latest, this.branch]);
  }

  update(run: RunState): void {
    const end = lastStep(run);
    const { pinned } = this.cursor;
    setShown(this.root, end > 1);
    setAttribute(this.slider, "max", String(end));
    const value = String(pinned ?? end);
    if (this.slider.value !== value) this.slider.value = value;
    const text = pinned === null ? `step ${formatCount(end)}` : describe(run, pinned);
    setText(this.words, text);
    setAttribute(this.slider, "aria-valuetext", text);
    setShown(this.latest, pinned !== null);
    // A function's descent is tried anew on its map.
    setShown(this.branch, pinned !== null && run.description !== null && run.description.folder !== null);
  }
}

function describe(run: RunState, step: number): string {
  const points = (run.epochs.get("training.loss") ?? run.loss).points();
  const at = indexAt(points, step);
  const epoch = run.description
    ? ` · epoch ${formatCount(Math.floor(step / run.description.stepsPerEpoch))}`
    : "";
  return `step ${formatCount(step)}${epoch}${at < 0 ? "" : ` · loss ${formatNumber(points.y[at])}`}`;
}
