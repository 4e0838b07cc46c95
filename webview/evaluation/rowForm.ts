import type { FormFeature, PredictPart } from "../../src/protocol/evaluation";
import { element } from "../dom";
import { formatNumber } from "../format";
import { createButton } from "../toolkit";

/** A form for one row, and what the network says of it. */
export class RowForm {
  readonly root: HTMLFormElement;
  private readonly fields = element("div", "form-fields");
  private readonly answer = element("div", "form-answer", { role: "status" });
  private features = "";
  private inputs = new Map<string, HTMLInputElement | HTMLSelectElement>();

  constructor(predict: (values: Record<string, string>) => void) {
    const button = createButton({
      icon: "play",
      label: "Predict",
      appearance: "primary",
      tooltip: "Ask the network, as it is now, what it says of this row",
      onClick: () => this.root.requestSubmit(),
    });
    this.root = element("form", "row-form", {}, [
      element("p", "muted", {}, ["A field that is left empty counts as a missing value."]),
      this.fields,
      button,
      this.answer,
    ]);
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      predict(Object.fromEntries([...this.inputs].map(([name, input]) => [name, input.value])));
    });
  }

  clear(): void {
    this.features = "";
    this.inputs.clear();
    this.fields.replaceChildren();
    this.answer.replaceChildren();
  }

  update(
    { features, prediction, notes, step }: PredictPart,
    format = (value: number) => formatNumber(value),
  ): void {
    const key = JSON.stringify(features);
    if (key !== this.features) {
      this.features = key;
      this.inputs = new Map();
      this.fields.replaceChildren(...features.map((feature) => this.field(feature)));
    }
    if (!prediction) return;
    this.answer.replaceChildren(
      element(
        "dl",
        "predicted",
        {},
        prediction
          .slice(0, 5)
          .map(({ label, value }, i) =>
            element("div", i === 0 ? "first" : "", {}, [
              element("dt", "", {}, [label]),
              element("dd", "", {}, [format(value)]),
            ]),
          ),
      ),
      element("p", "muted", {}, [[`After step ${step.toLocaleString("en-GB")}.`, ...notes].join(" ")]),
    );
  }

  /** @param failed null when it did not */
  fail(failed: string | null): void {
    if (failed !== null) this.answer.replaceChildren(element("p", "form-error", {}, [failed]));
  }

  private field({ name, kind, usual, labels }: FormFeature): HTMLElement {
    const input = labels
      ? choice(labels, usual)
      : element("input", "", { type: "text", spellcheck: "false" });
    if (!labels && kind !== "vector") input.setAttribute("inputmode", kind === "number" ? "decimal" : "text");
    input.value = usual;
    this.inputs.set(name, input);
    return element("label", kind === "vector" ? "wide" : "", {}, [element("span", "", {}, [name]), input]);
  }
}

function choice(labels: readonly string[], usual: string): HTMLSelectElement {
  const options = labels.map((label) => element("option", "", { value: label }, [label]));
  const select = element("select", "", {}, [...options, element("option", "", { value: "" }, ["(missing)"])]);
  select.value = usual;
  return select;
}
