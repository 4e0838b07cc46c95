import type { ChangeableKey, SettingChange } from "../../src/protocol/changes";
import type { RunDescription } from "../../src/protocol/run";
import { element, setAttribute, setShown, setText } from "../dom";
import { isFinished } from "../parts/status";
import { placeBelow } from "../parts/menu";
import type { RunState } from "../store";
import { createButton, createTextField, type Button, type TextField } from "../toolkit";
import { fieldsOf, readFields, type FieldText } from "./fields";

interface Field {
  text: FieldText;
  input: TextField;
  fault: HTMLElement;
}

/** A button that opens a small form: settings that can be changed while the run goes. */
export class ChangeForm {
  readonly button: Button;
  private description: RunDescription | null = null;
  private form: HTMLElement | null = null;

  constructor(private readonly change: (changes: SettingChange[]) => void) {
    this.button = createButton({
      icon: "sliders",
      label: "Change",
      appearance: "secondary",
      tooltip: "",
      onClick: () => (this.form ? this.close() : this.open()),
    });
    setAttribute(this.button, "aria-haspopup", "dialog");
    setAttribute(this.button, "aria-expanded", "false");
  }

  update({ description, functionDescription, status }: RunState): void {
    this.description = description;
    const over = isFinished(status);
    // A descent on a function is over in a moment, and made anew with the sliders of its map.
    setShown(this.button, functionDescription === null && !over);
    const ready = description !== null && !over;
    if (this.button.disabled === ready) this.button.disabled = !ready;
    const tooltip = "Change the learning rate, the batch size or the momentum from the next step on";
    setAttribute(this.button, "title", ready ? tooltip : "The run has not started yet");
    if (over) this.close();
  }

  private close(): void {
    this.form?.hidePopover();
  }

  private open(): void {
    if (!this.description) return;
    const fields = fieldsOf(this.description).map((text) => this.createField(text));
    const submit = createButton({
      label: "Change the Run",
      icon: "check",
      appearance: "primary",
      tooltip: "From the next step on",
      onClick: () => this.submit(fields),
    });
    const form = element(
      "div",
      "change-form",
      { role: "dialog", "aria-label": "Change the run", popover: "auto" },
      [
        element("h2", "", {}, ["From the next step on"]),
        ...fields.map(({ text, input, fault }) =>
          element("div", "change-field", {}, [input, element("p", "change-hint", {}, [text.hint]), fault]),
        ),
        element("p", "change-hint", {}, [
          "Charts mark the change, and the run is noted with it, so that it still comes out the same when it is computed again.",
        ]),
        submit,
      ],
    );
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target === submit) return;
      event.preventDefault();
      this.submit(fields);
    });
    form.addEventListener("toggle", (event) => {
      if (event.newState === "open") return;
      setAttribute(this.button, "aria-expanded", "false");
      if (form.contains(document.activeElement) || document.activeElement === document.body)
        this.button.focus();
      form.remove();
      // A click on the button closes the form before the button hears of it.
      setTimeout(() => (this.form = null));
    });
    this.form = form;
    document.body.append(form);
    form.showPopover();
    setAttribute(this.button, "aria-expanded", "true");
    placeBelow(form, this.button);
    fields[0]?.input.focus();
  }

  private createField(text: FieldText): Field {
    const input = createTextField(text.label, text.value);
    const fault = element("p", "change-fault", { role: "alert" });
    setShown(fault, false);
    return { text, input, fault };
  }

  private submit(fields: readonly Field[]): void {
    const typed = (key: ChangeableKey): string =>
      fields.find(({ text }) => text.key === key)?.input.value ?? "";
    const { changes, faults } = readFields(
      fields.map(({ text }) => text),
      typed,
    );
    for (const { text, fault, input } of fields) {
      const sentence = faults.get(text.key) ?? "";
      setText(fault, sentence);
      setShown(fault, sentence !== "");
      setAttribute(input, "aria-invalid", sentence === "" ? null : "true");
    }
    if (faults.size > 0) return;
    if (changes.length > 0) this.change(changes);
    this.close();
  }
}
