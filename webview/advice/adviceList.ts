import type { AdviceItem } from "../../src/protocol/advice";
import { element, setShown } from "../dom";
import { icon } from "../icons";
import type { RunState } from "../store";
import { createButton, createDropdown, setChoices } from "../toolkit";

/** @param fix the place of the remedy in the advice's list */
export type Apply = (id: string, fix: number, action: "apply" | "rerun") => void;

/** What is wrong with the run and how to mend it: a short list below the header, which most runs do without. */
export class AdviceList {
  readonly root = element("section", "advice", { "aria-label": "Advice" });
  private readonly list = element("ul");
  /** Told to a screen reader when the advice changes; the list itself has buttons and would be read whole. */
  private readonly spoken = element("p", "visually-hidden", { role: "status" });
  private shown = "[]";

  constructor(
    private readonly apply: Apply,
    private readonly openPage: (page: string) => void,
  ) {
    this.root.append(this.spoken, this.list);
    setShown(this.root, false);
  }

  update({ id, advice }: RunState): void {
    const key = JSON.stringify([id, advice]);
    if (key === this.shown) return;
    this.shown = key;
    setShown(this.root, advice.length > 0);
    this.spoken.textContent = advice.map(({ title }) => `Advice: ${title}.`).join(" ");
    this.list.replaceChildren(...advice.map((item) => this.entry(item)));
  }

  private entry(item: AdviceItem): HTMLElement {
    const heading = element("h2", "", {}, [item.title]);
    const text = element("div", "advice-text", {}, [
      heading,
      element("p", "", {}, [item.evidence]),
      element("p", "why", {}, [item.why]),
    ]);
    return element("li", "advice-item", { "data-advice": item.id }, [
      icon("lightbulb"),
      text,
      this.remedies(item),
    ]);
  }

  private remedies({ id, title, fixes, page }: AdviceItem): HTMLElement {
    let chosen = 0;
    const root = element("div", "advice-actions", { role: "group", "aria-label": `Remedies for: ${title}` });
    if (fixes.length > 1) {
      const dropdown = createDropdown("Remedy", (value) => (chosen = Number(value)));
      setChoices(
        dropdown,
        fixes.map(({ label }, place) => [String(place), label]),
        "0",
      );
      root.append(dropdown);
    } else root.append(element("span", "remedy", {}, [fixes[0]?.label ?? ""]));
    const apply = createButton({
      icon: "file",
      label: "Apply to run config",
      appearance: "secondary",
      tooltip: "Write this into the run config, where you can look at it and undo it",
      onClick: () => this.apply(id, chosen, "apply"),
    });
    const rerun = createButton({
      icon: "restart",
      label: "Apply and rerun from the same start",
      appearance: "secondary",
      tooltip:
        "Write this into the run config and train again with the same seed; the curves of this run stay beside the new ones",
      onClick: () => this.apply(id, chosen, "rerun"),
    });
    const learn = createButton({
      icon: "info",
      appearance: "icon",
      tooltip: `Read what is behind this: ${title}`,
      onClick: () => this.openPage(page),
    });
    root.append(apply, rerun, learn);
    return root;
  }
}
