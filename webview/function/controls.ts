import { element, setAttribute, setShown, setText } from "../dom";
import { formatTick } from "../format";
import { css } from "../colour";
import { lineSample, styleLineSample } from "../icons";
import { theme } from "../theme";
import { createButton, createDropdown, setChoices, type Button, type Dropdown } from "../toolkit";
import type { Exploration, OptimizerName } from "./exploration";

export interface ControlActions {
  learningRate(value: number): void;
  optimizer(type: OptimizerName): void;
  /** Back to what the run did. */
  reset(): void;
  fit(): void;
  zoom(factor: number): void;
  keep(action: "save" | "train"): void;
}

const optimizers: [OptimizerName, string][] = [
  ["sgd", "sgd"],
  ["momentum", "momentum"],
  ["nesterov", "nesterov"],
  ["rmsprop", "rmsprop"],
  ["adam", "adam"],
  ["adamw", "adamw"],
  ["adagrad", "adagrad"],
];

/** The slider reaches so many powers of ten below and above the run's own learning rate. */
const DECADES = 2;

/** What is below the map: the optimizer, the learning rate, and what to do with what was found. */
export class ExplorationControls {
  readonly root: HTMLElement;
  /** What the two arrows mean. */
  readonly key: HTMLElement;
  readonly viewButtons: HTMLElement;
  private readonly downhillKey: HTMLElement;
  private readonly optimizer: Dropdown;
  private readonly slider = element("input", "rate-slider", {
    type: "range",
    step: "0.01",
    id: "learning-rate",
  });
  private readonly rate = element("output", "rate", { for: "learning-rate" });
  private readonly actions: HTMLElement;
  private readonly save: Button;
  private readonly samples = { downhill: lineSample(), step: lineSample() };
  private of: Exploration | null = null;

  constructor(actions: ControlActions) {
    this.optimizer = createDropdown("Optimizer", (value) => actions.optimizer(value as OptimizerName));
    this.slider.addEventListener("input", () =>
      actions.learningRate(Number((10 ** Number(this.slider.value)).toPrecision(3))),
    );
    this.save = createButton({
      icon: "file",
      label: "Save to Config",
      appearance: "secondary",
      tooltip: "Write this start and learning rate into the run config; undo takes it back",
      onClick: () => actions.keep("save"),
    });
    const train = createButton({
      icon: "play",
      label: "Train from Here",
      appearance: "primary",
      tooltip: "Write this start and learning rate into the run config and run it",
      onClick: () => actions.keep("train"),
    });
    const back = createButton({
      icon: "restart",
      label: "Back to the Run",
      appearance: "secondary",
      tooltip: "Forget this descent and show that of the run",
      onClick: () => actions.reset(),
    });
    this.actions = element("div", "explore-actions", {}, [train, this.save, back]);
    this.root = element("div", "explore", { role: "group", "aria-label": "Try another descent" }, [
      element("div", "explore-settings", {}, [
        this.optimizer,
        element("label", "rate-label", { for: "learning-rate" }, ["Learning rate"]),
        this.slider,
        this.rate,
      ]),
      this.actions,
    ]);
    const item = (sample: SVGSVGElement, text: string, tooltip: string): HTMLElement =>
      element("span", "key-item", { title: tooltip }, [sample, text]);
    this.downhillKey = item(this.samples.downhill, "−∇f", "The direction in which f falls fastest");
    this.key = element("div", "map-key", {}, [
      this.downhillKey,
      item(this.samples.step, "step taken", "The step that the optimizer made there"),
    ]);
    const small = (label: string, tooltip: string, onClick: () => void): HTMLElement => {
      const button = element(
        "button",
        "view-button",
        { type: "button", title: tooltip, "aria-label": tooltip },
        [label],
      );
      button.addEventListener("click", onClick);
      return button;
    };
    this.viewButtons = element("div", "view-buttons", { role: "group", "aria-label": "View of the map" }, [
      small("+", "Zoom in", () => actions.zoom(0.8)),
      small("−", "Zoom out", () => actions.zoom(1.25)),
      small("Fit", "Show the whole domain and path", () => actions.fit()),
    ]);
  }

  /**
   * @param changed there is something to keep, or to go back from
   * @param curve along which there is no direction to point in
   */
  update(exploration: Exploration, changed: boolean, curve: boolean): void {
    if (this.of !== exploration) {
      this.of = exploration;
      const middle = Math.log10(exploration.learningRate);
      this.slider.min = String(middle - DECADES);
      this.slider.max = String(middle + DECADES);
    }
    const position = String(Math.log10(exploration.learningRate));
    if (Math.abs(Number(this.slider.value) - Number(position)) > 0.006) this.slider.value = position;
    const text = formatTick(exploration.learningRate);
    setText(this.rate, text);
    setAttribute(this.slider, "aria-valuetext", text);
    setChoices(this.optimizer, optimizers, exploration.optimizer);
    setShown(this.actions, changed);
    setShown(this.downhillKey, !curve);
    const colours = theme();
    styleLineSample(this.samples.downhill, { colour: css(colours.gradient), width: 2.5, dash: [5, 3] });
    styleLineSample(this.samples.step, { colour: css(colours.validation), width: 2.5, dash: [] });
  }
}
