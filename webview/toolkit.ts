/**
 * The only module that knows @vscode/webview-ui-toolkit: one place to change when the toolkit is replaced.
 * Its badge is left alone: its template has an inline style, which the content security policy forbids.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextField,
  type Button,
  type Checkbox,
  type Dropdown,
  type TextField,
} from "@vscode/webview-ui-toolkit";
import { icon, type IconName } from "./icons";

provideVSCodeDesignSystem().register(
  vsCodeButton(),
  vsCodeCheckbox(),
  vsCodeDropdown(),
  vsCodeOption(),
  vsCodeTextField(),
);

export type { Button, Checkbox, Dropdown, TextField };

export interface ButtonOptions {
  /** Absent: only the icon is shown, and `tooltip` is the accessible name. */
  label?: string;
  icon: IconName;
  appearance: "primary" | "secondary" | "icon";
  tooltip: string;
  onClick(): void;
}

export function createButton(options: ButtonOptions): Button {
  const button = document.createElement("vscode-button") as Button;
  button.setAttribute("appearance", options.appearance);
  button.title = options.tooltip;
  button.setAttribute("aria-label", options.label ?? options.tooltip);
  const svg = icon(options.icon);
  if (options.label !== undefined) {
    svg.setAttribute("slot", "start");
    button.append(svg, options.label);
  } else button.append(svg);
  button.addEventListener("click", () => {
    if (!button.disabled) options.onClick();
  });
  return button;
}

export function createCheckbox(
  label: string,
  checked: boolean,
  onChange: (checked: boolean) => void,
): Checkbox {
  const checkbox = document.createElement("vscode-checkbox") as Checkbox;
  checkbox.textContent = label;
  checkbox.checked = checked;
  checkbox.addEventListener("change", () => {
    onChange(checkbox.checked);
  });
  return checkbox;
}

export function createTextField(label: string, value: string): TextField {
  const field = document.createElement("vscode-text-field") as TextField;
  field.textContent = label;
  field.value = value;
  return field;
}

/** `choices` are [value, label] pairs. */
export function createDropdown(label: string, onChange: (value: string) => void): Dropdown {
  const dropdown = document.createElement("vscode-dropdown") as Dropdown;
  dropdown.setAttribute("aria-label", label);
  dropdown.addEventListener("change", () => {
    onChange(dropdown.value);
  });
  return dropdown;
}

export function setChoices(dropdown: Dropdown, choices: [string, string][], selected: string): void {
  const key = JSON.stringify(choices);
  if (dropdown.dataset["choices"] !== key) {
    dropdown.dataset["choices"] = key;
    dropdown.replaceChildren(
      ...choices.map(([value, text]) => {
        const option = document.createElement("vscode-option");
        option.setAttribute("value", value);
        option.textContent = text;
        return option;
      }),
    );
  }
  if (dropdown.value !== selected) dropdown.value = selected;
}

let themeId: string | undefined;

/**
 * The toolkit copies theme colours when the body's class changes, which it does not between two dark themes;
 * changing a class of our own makes it look again.
 */
export function reapplyToolkitTheme(): void {
  const id = document.body.dataset["vscodeThemeId"];
  if (id === themeId) return;
  themeId = id;
  document.body.classList.toggle("toolkit-theme-seen");
}
