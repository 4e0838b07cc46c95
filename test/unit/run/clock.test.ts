import assert from "node:assert/strict";
import { RunClock } from "../../../src/run/clock";

describe("The clock of a run", () => {
  it("keeps few moments of many, evenly", () => {
    const clock = new RunClock();
    for (let step = 1; step <= 100_000; step++) clock.add(step, step / 1000);
    const { step, seconds } = clock.columns();
    assert.ok(step.length > 300 && step.length <= 1024, String(step.length));
    assert.ok(step[0] < 1000 && step[step.length - 1] > 99_000);
    step.forEach((at, i) => assert.equal(seconds[i], at / 1000));
  });

  it("goes forward only, and can be told in other seconds", () => {
    const clock = new RunClock();
    clock.add(2, 4);
    clock.add(1, 5);
    clock.add(3, 3);
    clock.add(5, 8);
    assert.deepEqual(clock.columns(0.5), { step: Float64Array.of(2, 5), seconds: Float64Array.of(2, 4) });
  });
});
