import { element } from "../dom";
import { icon, type IconName } from "../icons";

export interface ButtonOptions {
  label: string;
  icon: IconName;
  appearance: "primary" | "secondary";
  tooltip: string;
  onClick: () => void;
}

/** A button as the toolkit's look, without the toolkit: this page needs nothing else of it. */
export function createButton({
  label,
  icon: name,
  appearance,
  tooltip,
  onClick,
}: ButtonOptions): HTMLButtonElement {
  const attributes = { type: "button", title: tooltip };
  const button = element("button", `button ${appearance}`, attributes, [icon(name), label]);
  button.addEventListener("click", onClick);
  return button;
}
