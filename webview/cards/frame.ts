import { element, setAttribute } from "../dom";
import { icon, setIcon, type IconName } from "../icons";
import { menuButton, type MenuItem } from "../parts/menu";
import type { PanelCard } from "./card";
import { dragCard, type Drop } from "./drag";

/** What a person can do to any card. */
export interface FrameActions {
  move(id: string, by: -1 | 1): void;
  drop(id: string, drop: Drop): void;
  hide(id: string): void;
  enlarge(id: string, large: boolean): void;
}

/** The buttons of a card: a grip to move it by, enlarge, and a menu. */
export class CardFrame {
  private readonly enlarge: HTMLButtonElement;
  private readonly enlargeIcon = icon("enlarge");
  readonly grip: HTMLButtonElement;
  private large = false;

  constructor(
    readonly card: PanelCard,
    private readonly actions: FrameActions,
  ) {
    const { id, title, root } = card;
    root.dataset["card"] = id;
    root.classList.add("framed", ...(card.size ? [card.size] : []));
    this.grip = cardButton("grip", `Move ${title}`, "Drag to move the card, or use the arrow keys");
    this.enlarge = element("button", "card-button", { type: "button" }, [this.enlargeIcon]);
    const more = cardButton("more", `More of ${title}`, "More actions");
    menuButton(more, title, () => [...(card.menu?.() ?? []), ...this.ownItems()]);
    this.enlarge.addEventListener("click", () => actions.enlarge(id, !this.large));
    this.grip.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
      if (by !== -1 && by !== 1) return;
      event.preventDefault();
      actions.move(id, by);
    });
    dragCard(this.grip, root, (drop) => actions.drop(id, drop));
    const buttons = element("div", "card-buttons", {}, [this.grip, this.enlarge, more]);
    (root.querySelector(".card-head") ?? root).append(buttons);
    this.setLarge(false);
  }

  setLarge(large: boolean): void {
    this.large = large;
    const { root, title } = this.card;
    root.classList.toggle("large", large);
    setIcon(this.enlargeIcon, large ? "shrink" : "enlarge");
    setAttribute(this.enlarge, "aria-label", `${large ? "Restore" : "Enlarge"} ${title}`);
    setAttribute(this.enlarge, "title", large ? "Restore the card's size" : "Enlarge the card");
  }

  private ownItems(): MenuItem[] {
    const { id } = this.card;
    return [
      {
        label: this.large ? "Restore size" : "Enlarge",
        separated: this.card.menu !== undefined,
        run: () => this.actions.enlarge(id, !this.large),
      },
      { label: "Move earlier", run: () => this.actions.move(id, -1) },
      { label: "Move later", run: () => this.actions.move(id, 1) },
      { label: "Hide card", run: () => this.actions.hide(id) },
    ];
  }
}

function cardButton(name: IconName, label: string, title: string): HTMLButtonElement {
  return element("button", `card-button ${name}`, { type: "button", "aria-label": label, title }, [
    icon(name),
  ]);
}
