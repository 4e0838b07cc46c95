import type { OtherRun } from "../../src/protocol/surface";
import { element, setAttribute, setShown } from "../dom";
import { icon } from "../icons";
import { createDropdown, setChoices, type Dropdown } from "../toolkit";

/** Which part of the space of all parameters is shown. */
export type Outlook = { type: "path" } | { type: "random" } | { type: "slice"; other: string };

/** The choice of the plane, and the buttons beside it. */
export class PlaneControls {
  readonly root: HTMLElement;
  outlook: Outlook = { type: "path" };
  seed = 1;
  solid = false;
  private readonly dropdown: Dropdown;
  private readonly reroll: HTMLButtonElement;
  private readonly flat: HTMLButtonElement;
  private readonly raised: HTMLButtonElement;
  private readonly views: HTMLElement;

  constructor(private readonly changed: () => void) {
    this.dropdown = createDropdown("What is shown around the path", (value) => this.choose(value));
    this.reroll = element(
      "button",
      "view-button",
      { type: "button", "aria-label": "Draw other random directions" },
      [icon("restart")],
    );
    this.reroll.addEventListener("click", () => {
      this.seed++;
      this.changed();
    });
    this.flat = button("2-D", "Show the surface as a map", () => this.setSolid(false));
    this.raised = button("3-D", "Show the surface in three dimensions", () => this.setSolid(true));
    this.views = element("div", "view-buttons", { role: "group", "aria-label": "View of the surface" }, [
      this.flat,
      this.raised,
    ]);
    this.root = element("div", "plane-controls", {}, [this.dropdown, this.reroll, this.views]);
    this.update([]);
  }

  update(others: readonly OtherRun[]): void {
    const choices: [string, string][] = [
      ["path", "Path's plane"],
      ["random", "Random directions"],
      ...others.map(({ id, label }): [string, string] => [`slice ${id}`, `Slice to ${label}`]),
    ];
    const { outlook } = this;
    const value = outlook.type === "slice" ? `slice ${outlook.other}` : outlook.type;
    // The other run was deleted.
    const known = choices.some(([choice]) => choice === value);
    if (!known && others.length > 0) this.outlook = { type: "path" };
    setChoices(this.dropdown, choices, known ? value : "path");
    setShown(this.reroll, outlook.type === "random");
    this.reroll.title = `Draw other random directions; these are of seed ${this.seed}`;
    setShown(this.views, outlook.type !== "slice");
    setAttribute(this.flat, "aria-pressed", String(!this.solid));
    setAttribute(this.raised, "aria-pressed", String(this.solid));
  }

  private choose(value: string): void {
    this.outlook = value.startsWith("slice ")
      ? { type: "slice", other: value.slice("slice ".length) }
      : { type: value === "random" ? "random" : "path" };
    this.changed();
  }

  private setSolid(solid: boolean): void {
    this.solid = solid;
    this.changed();
  }
}

function button(label: string, title: string, onClick: () => void): HTMLButtonElement {
  const made = element("button", "view-button", { type: "button", title }, [label]);
  made.addEventListener("click", onClick);
  return made;
}
