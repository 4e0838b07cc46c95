import assert from "node:assert/strict";
import { adviceLine } from "../../../src/cli/adviceLines";

describe("Advice in a terminal", () => {
  it("is one line with its numbers and all remedies", () => {
    const fix = (label: string) => ({ label, changes: [] });
    const item = { id: "x", title: "Overfitting", evidence: "It rose to 2.", why: "", path: [], page: "" };
    const of = (...labels: string[]) => adviceLine({ ...item, fixes: labels.map(fix) });
    assert.equal(of("Stop early"), "Advice: Overfitting. It rose to 2. Try: stop early.");
    assert.equal(
      of("Stop early", "Weight decay 0.1", "Half the hidden units"),
      "Advice: Overfitting. It rose to 2. Try: stop early, weight decay 0.1 or half the hidden units.",
    );
  });
});
