import assert from "node:assert/strict";
import { Cursor } from "../../../webview/cursor";

describe("The step that is pointed at", () => {
  it("is the pinned one when the pointer leaves a chart", () => {
    let changes = 0;
    const cursor = new Cursor(() => (changes += 1));
    cursor.move(5);
    cursor.move(null);
    assert.equal(cursor.step, null);
    cursor.pin(40);
    cursor.move(7);
    assert.equal(cursor.step, 7);
    cursor.move(null);
    assert.deepEqual([cursor.step, cursor.pinned], [40, 40]);
    cursor.pin(null);
    assert.equal(cursor.step, null);
    assert.equal(changes, 6);
    cursor.move(null);
    assert.equal(changes, 6, "what changes nothing is not drawn anew");
  });
});
