import { element, setAttribute } from "../dom";
import { icon } from "../icons";

export interface MenuItem {
  label: string;
  /** Makes it one that is on or off. */
  checked?: () => boolean;
  /** One of several of which one is on: those that follow each other belong together. */
  choice?: boolean;
  /** The menu stays open, for more of the kind. */
  stays?: boolean;
  /** A line above it. */
  separated?: boolean;
  disabled?: boolean;
  run(): void;
}

/** A button that opens a menu. */
export function menuButton(button: HTMLButtonElement, label: string, items: () => MenuItem[]): void {
  setAttribute(button, "aria-haspopup", "menu");
  setAttribute(button, "aria-expanded", "false");
  button.addEventListener("click", () => openMenu(button, label, items()));
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    openMenu(button, label, items());
  });
}

/** Opens a menu below an element, which gets the focus back when the menu closes. */
function openMenu(anchor: HTMLElement, label: string, items: MenuItem[]): void {
  const menu = element("div", "menu", { role: "menu", "aria-label": label, popover: "auto" });
  const entries = items.map((item) => {
    const role = item.checked ? (item.choice ? "menuitemradio" : "menuitemcheckbox") : "menuitem";
    const button = element("button", "menu-item", { type: "button", role, tabindex: "-1" }, [
      icon("check"),
      element("span", "", {}, [item.label]),
    ]);
    if (item.disabled) setAttribute(button, "aria-disabled", "true");
    if (item.separated) menu.append(element("div", "menu-line", { role: "separator" }));
    menu.append(button);
    button.addEventListener("click", () => {
      if (item.disabled) return;
      if (!item.stays) menu.hidePopover();
      item.run();
      mark();
    });
    button.addEventListener("pointerenter", () => button.focus());
    return { item, button };
  });
  const mark = (): void => {
    for (const { item, button } of entries) {
      if (item.checked) setAttribute(button, "aria-checked", String(item.checked()));
    }
  };
  mark();
  const buttons = entries.map(({ button }) => button);
  menu.addEventListener("keydown", (event) => {
    const target = keyTarget(event, buttons);
    if (target === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (target === "close") {
      menu.hidePopover();
      anchor.focus();
    } else target.focus();
  });
  menu.addEventListener("toggle", (event) => {
    if (event.newState === "open") return;
    setAttribute(anchor, "aria-expanded", "false");
    // What had the focus is gone with the menu, unless a click has put it elsewhere.
    if (menu.contains(document.activeElement) || document.activeElement === document.body) anchor.focus();
    menu.remove();
  });
  document.body.append(menu);
  menu.showPopover();
  setAttribute(anchor, "aria-expanded", "true");
  placeBelow(menu, anchor);
  buttons[0]?.focus();
}

/** Below the anchor, ends aligned; above it where there is more room; always within the window. */
export function placeBelow(menu: HTMLElement, anchor: HTMLElement): void {
  const { left, right, top, bottom } = anchor.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const x = right - width > 4 ? right - width : left;
  const below = bottom + height <= innerHeight - 4 || top < innerHeight - bottom;
  const y = below ? bottom + 2 : top - height - 2;
  menu.style.left = `${Math.max(4, Math.min(x, innerWidth - width - 4))}px`;
  menu.style.top = `${Math.max(4, y)}px`;
  menu.style.maxHeight = `${below ? innerHeight - bottom - 10 : top - 10}px`;
}

function keyTarget(event: KeyboardEvent, buttons: HTMLButtonElement[]): HTMLButtonElement | "close" | null {
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const count = buttons.length;
  switch (event.key) {
    case "ArrowDown":
      return buttons[(at + 1) % count];
    case "ArrowUp":
      return buttons[(at - 1 + count) % count];
    case "Home":
      return buttons[0];
    case "End":
      return buttons[count - 1];
    case "Escape":
    case "Tab":
      return "close";
    default: {
      if (event.key.length !== 1 || event.key === " " || event.ctrlKey || event.metaKey) return null;
      const letter = event.key.toLowerCase();
      const rest = [...buttons.slice(at + 1), ...buttons.slice(0, at + 1)];
      return rest.find((button) => button.textContent.trim().toLowerCase().startsWith(letter)) ?? null;
    }
  }
}
