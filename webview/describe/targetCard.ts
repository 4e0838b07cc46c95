import type { DataDescription, DescribedColumn } from "../../src/protocol/describe";
import { element, setText } from "../dom";
import { icon } from "../icons";
import { createButton } from "./button";
import { histogramOf } from "./histogram";
import { valueBars } from "./valueBars";
import { plural, valueText } from "./words";

/** More columns would make the list of choices useless and slow. */
const mostChoices = 2000;
/** More classes are shown side by side. */
const fewClasses = 6;

/** Which column to predict, what that would be, and what can be done then. */
export class TargetCard {
  readonly root: HTMLElement;
  private readonly select = element("select", "select", { id: "target" });
  private readonly task = element("p", "task", { role: "status" });
  private readonly balance = element("div", "balance");
  private readonly buttons: HTMLElement[];

  constructor(
    private readonly choose: (target: string) => void,
    act: (action: "createConfig" | "train") => void,
  ) {
    this.select.addEventListener("change", () => this.choose(this.select.value));
    this.buttons = [
      createButton({
        icon: "play",
        label: "Train Network",
        appearance: "primary",
        tooltip: "Write a run config that predicts this column, and train it",
        onClick: () => act("train"),
      }),
      createButton({
        icon: "file",
        label: "Create Run Config",
        appearance: "secondary",
        tooltip: "Write a run config that predicts this column, and open it",
        onClick: () => act("createConfig"),
      }),
    ];
    const label = element("label", "", { for: "target" }, [icon("target"), "Column to predict"]);
    this.root = element("section", "target", { "aria-label": "Target" }, [
      element("div", "target-row", {}, [
        element("div", "choice", {}, [label, this.select]),
        element("div", "actions", {}, this.buttons),
      ]),
      this.task,
      this.balance,
    ]);
  }

  load({ targets }: DataDescription): void {
    const options = targets.slice(0, mostChoices).map((name, at) => {
      const text = at === 0 ? `${name} (best guess)` : name;
      return element("option", "", { value: name }, [text]);
    });
    this.select.replaceChildren(...options);
  }

  update(column: DescribedColumn | null, { rows, targets }: DataDescription): void {
    if (column && this.select.value !== column.name) {
      // One that is chosen on its card may be past the end of the list.
      if (targets.indexOf(column.name) >= mostChoices)
        this.select.append(element("option", "", { value: column.name }, [column.name]));
      this.select.value = column.name;
    }
    for (const button of this.buttons) button.toggleAttribute("disabled", !column?.task);
    setText(this.task, column ? taskText(column, targets.length === 1) : "");
    this.balance.replaceChildren();
    if (!column?.task) return;
    if (column.task === "classification") {
      const { values, distinct, missing } = column;
      const rest =
        distinct > values.length
          ? `and ${plural(distinct - values.length, "more class", "more classes")}`
          : null;
      const bars = valueBars(values, rows - missing, rest);
      bars.classList.toggle("many", values.length > fewClasses);
      this.balance.append(bars);
    } else {
      const drawn = histogramOf(column);
      if (drawn) this.balance.append(drawn);
    }
  }
}

/** "Classification · 3 classes", and what becomes of rows without a value. */
function taskText(column: DescribedColumn, isOnly: boolean): string {
  const { task, distinct, missing, numbers, type } = column;
  if (task === null) {
    const why: Partial<Record<typeof type, string>> = {
      empty: "it has no values",
      vector: "it holds lists of numbers",
    };
    if (isOnly) return "This column cannot be predicted: the file has no other to predict it from.";
    const reason = distinct === 1 ? "it has only one value" : (why[type] ?? "its values all differ");
    return `This column cannot be predicted: ${reason}.`;
  }
  const parts =
    task === "classification"
      ? [`Classification · ${plural(distinct, "class", "classes")}`]
      : [`Regression · ${valueText(column, numbers?.min)} to ${valueText(column, numbers?.max)}`];
  if (missing > 0) parts.push(`${plural(missing, "row")} without a value left out`);
  return parts.join(" · ");
}
