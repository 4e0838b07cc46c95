// Mocha's usual report, and the counts for scripts/test.mjs in the file named by DOWNHILL_TEST_COUNTS.
import Mocha from "mocha";
import { writeFileSync } from "node:fs";

export default class CountingReporter extends Mocha.reporters.Spec {
  /** @param {Mocha.Runner} runner @param {Mocha.MochaOptions} options */
  constructor(runner, options) {
    super(runner, options);
    const file = process.env["DOWNHILL_TEST_COUNTS"];
    if (file === undefined) return;
    runner.once("end", () => {
      const { passes, failures, pending } = this.stats;
      writeFileSync(file, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
    });
  }
}
