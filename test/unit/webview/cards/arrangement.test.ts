import assert from "node:assert/strict";
import fc from "fast-check";
import { arranged, movedBeside, movedBy, withId } from "../../../../webview/cards/arrangement";

const ids = ["metrics", "loss", "trajectory", "gradient", "rate"];

describe("The arrangement of cards", () => {
  it("is the default one until a person changes it", () => {
    assert.deepEqual(arranged(ids, []), ids);
  });

  it("has every card once, whatever was kept, and those that were kept in that order", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...ids, "gone", "older")), (kept) => {
        const order = arranged(ids, kept);
        assert.deepEqual([...order].sort(), [...ids].sort());
        const first = [...new Set(kept)].filter((id) => ids.includes(id));
        assert.deepEqual(
          order.filter((id) => first.includes(id)),
          first,
        );
      }),
    );
  });

  it("puts a card of a newer version after the one that it follows by default", () => {
    assert.deepEqual(arranged(["metrics", "loss", "new", "rate"], ["rate", "loss", "metrics"]), [
      "rate",
      "loss",
      "new",
      "metrics",
    ]);
    assert.deepEqual(arranged(["new", "loss", "rate"], ["rate", "loss"]), ["new", "rate", "loss"]);
  });

  it("moves a card past the next one that is shown, and not past the ends", () => {
    const shown = ids.filter((id) => id !== "trajectory");
    assert.deepEqual(movedBy(ids, shown, "loss", 1), ["metrics", "trajectory", "gradient", "loss", "rate"]);
    assert.deepEqual(movedBy(ids, shown, "gradient", -1), [
      "metrics",
      "gradient",
      "loss",
      "trajectory",
      "rate",
    ]);
    assert.deepEqual(movedBy(ids, shown, "metrics", -1), ids);
    assert.deepEqual(movedBy(ids, shown, "rate", 1), ids);
  });

  it("comes back when a card is moved there and back", () => {
    const one = fc.constantFrom(...ids);
    fc.assert(
      fc.property(one, fc.constantFrom<[-1 | 1, -1 | 1]>([1, -1], [-1, 1]), (id, [there, back]) => {
        const moved = movedBy(ids, ids, id, there);
        if (moved.join() !== ids.join()) assert.deepEqual(movedBy(moved, ids, id, back), ids);
      }),
    );
  });

  it("puts a card before or after the one that it is dropped on", () => {
    assert.deepEqual(movedBeside(ids, "rate", "loss", "before"), [
      "metrics",
      "rate",
      "loss",
      "trajectory",
      "gradient",
    ]);
    assert.deepEqual(movedBeside(ids, "loss", "rate", "after"), [
      "metrics",
      "trajectory",
      "gradient",
      "rate",
      "loss",
    ]);
    assert.deepEqual(movedBeside(ids, "loss", "loss", "after"), ids);
  });

  it("names an id in a list once", () => {
    assert.deepEqual(withId(["a", "b"], "a", true), ["b", "a"]);
    assert.deepEqual(withId(["a", "b"], "a", false), ["b"]);
  });
});
