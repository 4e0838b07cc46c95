/** When the host is told what happened. */
import assert from "node:assert/strict";
import type { Progress } from "../../../src/protocol/run";
import type { RunEvent } from "../../../src/protocol/worker";
import { Reporter } from "../../../src/run/reporter";

describe("The reports of a run", () => {
  const clock = Object.getOwnPropertyDescriptor(performance, "now");
  before(() => Object.defineProperty(performance, "now", { value: () => 0, configurable: true }));
  after(() => {
    Reflect.deleteProperty(performance, "now");
    if (clock) Object.defineProperty(performance, "now", clock);
  });

  it("tell of the first steps at once, and of later ones together", () => {
    const events: RunEvent[] = [];
    const reporter = new Reporter(
      (event) => events.push(event),
      "thinned",
      () => ({}) as Progress,
      { unread: false },
    );
    const stepsTold = () =>
      events.map((event) => (event.type === "report" ? (event.steps?.step.length ?? 0) : 0));
    reporter.send();
    reporter.step(1, 0.5, 1, 0.1);
    reporter.step(2, 0.4, 1, 0.1);
    reporter.tick();
    assert.deepEqual(stepsTold(), [0, 2]);
    reporter.step(3, 0.3, 1, 0.1);
    reporter.tick();
    assert.deepEqual(stepsTold(), [0, 2]);
    reporter.finish();
    assert.deepEqual(stepsTold(), [0, 2, 1]);
  });
});
