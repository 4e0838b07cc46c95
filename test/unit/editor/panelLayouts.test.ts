import assert from "node:assert/strict";
import type * as vscode from "vscode";
import { layoutFrom, PanelLayouts } from "../../../src/editor/panelLayouts";
import type { LayoutMessage } from "../../../src/protocol/layout";

/** What VS Code keeps for a workspace. */
class Memory implements vscode.Memento {
  private readonly values = new Map<string, unknown>();
  keys = (): readonly string[] => [...this.values.keys()];
  get = (key: string): undefined => this.values.get(key) as undefined;
  update = (key: string, value: unknown): Thenable<void> => {
    this.values.set(key, value);
    return Promise.resolve();
  };
}

describe("The layout of the panel", () => {
  const layout = { order: ["loss", "metrics"], hidden: ["gradient"], large: [] };

  it("is kept for the workspace and told to each page that loads", () => {
    const memory = new Memory();
    const told: LayoutMessage[] = [];
    const page = (message: LayoutMessage): void => void told.push(message);
    new PanelLayouts(memory).changed(page, layout);
    assert.deepEqual(told, [], "a page knows what it has changed itself");
    new PanelLayouts(memory).ready(page);
    assert.deepEqual(told, [{ type: "layout", layout }]);
  });

  it("is the same in all panels", () => {
    const layouts = new PanelLayouts(new Memory());
    const told: LayoutMessage[] = [];
    const remove = layouts.add((message) => void told.push(message));
    const other = (): void => undefined;
    layouts.changed(other, layout);
    remove();
    layouts.changed(other, { ...layout, hidden: [] });
    assert.deepEqual(told, [{ type: "layout", layout }]);
  });

  it("is the default one where what was kept is none", () => {
    const none = { order: [], hidden: [], large: [] };
    for (const value of [undefined, null, 3, "x", [], { order: 1 }])
      assert.deepEqual(layoutFrom(value), none);
    assert.deepEqual(layoutFrom({ order: ["loss", 3], hidden: null }), { ...none, order: ["loss"] });
  });
});
