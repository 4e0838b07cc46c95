import { element, setAttribute, setShown } from "../dom";

/** A row of tabs over one body. Arrow keys go from one to the next. */
export class Tabs<Id extends string> {
  readonly root: HTMLElement;
  chosen: Id;
  private readonly buttons = new Map<Id, HTMLButtonElement>();

  constructor(
    label: string,
    tabs: readonly (readonly [id: Id, label: string])[],
    private readonly changed: (id: Id) => void,
  ) {
    this.chosen = tabs[0][0];
    this.root = element("div", "tabs", { role: "tablist", "aria-label": label });
    for (const [id, text] of tabs) {
      const button = element("button", "tab", { type: "button", role: "tab", id: `tab-${id}` }, [text]);
      button.addEventListener("click", () => this.choose(id));
      button.addEventListener("keydown", (event) => this.key(event));
      this.buttons.set(id, button);
      this.root.append(button);
    }
    this.mark();
  }

  /** The body that the tabs change. */
  control(body: HTMLElement): void {
    setAttribute(body, "role", "tabpanel");
    setAttribute(body, "aria-label", this.root.getAttribute("aria-label"));
  }

  setShown(id: Id, shown: boolean): void {
    const button = this.buttons.get(id);
    if (button) setShown(button, shown);
    if (!shown && this.chosen === id) this.choose([...this.buttons.keys()][0]);
  }

  private choose(id: Id): void {
    if (id === this.chosen) return;
    this.chosen = id;
    this.mark();
    this.changed(id);
  }

  private mark(): void {
    for (const [id, button] of this.buttons) {
      setAttribute(button, "aria-selected", String(id === this.chosen));
      setAttribute(button, "tabindex", id === this.chosen ? "0" : "-1");
    }
  }

  private key(event: KeyboardEvent): void {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const shown = [...this.buttons].filter(([, button]) => !button.hidden);
    const at = shown.findIndex(([id]) => id === this.chosen);
    const [id, button] = shown[(at + by + shown.length) % shown.length];
    this.choose(id);
    button.focus();
  }
}
