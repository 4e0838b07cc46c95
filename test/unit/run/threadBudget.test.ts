import assert from "node:assert/strict";
import { threadsNow, threadsOf } from "../../../src/run/threadBudget";

describe("the threads of a run", () => {
  it("are all cores but one, at least one, where nobody says anything", () => {
    assert.deepEqual(
      [1, 2, 3, 16].map((cores) => threadsOf({}, cores)),
      [1, 1, 2, 15],
    );
    assert.equal(threadsOf({ host: { threads: 0, beforeConfig: false } }, 8), 7);
  });

  it("are what the command line says, else the run config, else the setting", () => {
    assert.equal(threadsOf({ host: { threads: 2, beforeConfig: true }, config: 3 }, 8), 2);
    assert.equal(threadsOf({ host: { threads: 2, beforeConfig: false }, config: 3 }, 8), 3);
    assert.equal(threadsOf({ host: { threads: 2, beforeConfig: false } }, 8), 2);
    assert.equal(threadsOf({ config: 5 }, 2), 5);
  });

  it("are shared by the runs that train", () => {
    assert.deepEqual(
      [0, 1, 2, 3, 9].map((runs) => threadsNow(15, runs, 16)),
      [15, 15, 7, 5, 1],
    );
    assert.equal(threadsNow(2, 2, 2), 1);
    assert.equal(threadsNow(4, 2, 16), 4);
  });
});
