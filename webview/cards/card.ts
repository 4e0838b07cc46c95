import type { MenuItem } from "../parts/menu";
import type { RunState } from "../store";

/** One card of the panel. The list of all is `panel/cards.ts`. */
export interface PanelCard {
  /** Never changed: what a person has arranged is remembered by it. */
  readonly id: string;
  /** In menus, and what assistive technology calls the buttons of the card. */
  readonly title: string;
  /** Buttons are put into its `.card-head`; a root without one gets them in its upper right corner. */
  readonly root: HTMLElement;
  /**
   * The room it takes by default: `wide` a row of its own where there are two columns in a narrow window, `tall` two
   * rows where the window is wide, `full` always a row of its own.
   */
  readonly size?: "wide" | "tall" | "full";
  /** Whether the card has anything to say of such a run. */
  available(run: RunState): boolean;
  /** Once a frame while the card can be seen; a card that is hidden or scrolled away is not asked. */
  update(run: RunState): void;
  /** Told when the card begins or ends to be seen: for what costs something while it is. */
  seen?(visible: boolean): void;
  /** What the card's menu offers above moving, enlarging and hiding. */
  menu?(): MenuItem[];
}
