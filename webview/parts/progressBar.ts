import { element, setAttribute } from "../dom";

export class ProgressBar {
  private readonly bar = element("div", "progress-value");
  readonly root = element("div", "progress", { role: "progressbar", "aria-label": "Training progress" }, [
    this.bar,
  ]);

  constructor() {
    setAttribute(this.root, "aria-valuemin", "0");
    setAttribute(this.root, "aria-valuemax", "100");
  }

  /** @param fraction 0 … 1; null while it cannot be known. */
  update(fraction: number | null, active: boolean): void {
    this.root.classList.toggle("unknown", fraction === null && active);
    this.root.classList.toggle("active", active);
    const percent = fraction === null ? null : Math.round(100 * fraction);
    setAttribute(this.root, "aria-valuenow", percent === null ? null : String(percent));
    this.bar.style.transform = fraction === null ? "" : `scaleX(${Math.min(1, Math.max(0, fraction))})`;
  }
}
