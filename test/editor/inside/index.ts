/** The entry point that VS Code loads in the extension host; scripts/editorTests.mjs names the files to run. */
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { format } from "node:util";

export async function run(): Promise<void> {
  // Not a static import: mocha is an ES module, and this is loaded as CommonJS.
  const { default: Mocha } = await import("mocha");
  // Marked, because the editor's own log arrives at the same place.
  Mocha.reporters.Base.consoleLog = (...parts: unknown[]) => console.log(`[test]${format(...parts)}`);
  // A real window on a busy machine: what fails twice is broken.
  const mocha = new Mocha({ ui: "bdd", timeout: 60_000, retries: 1, forbidOnly: true, color: false });
  for (const file of testFiles()) mocha.addFile(file);
  await new Promise<void>((resolve, reject) => {
    const runner = mocha.run((failures) => {
      const { passes = 0, pending = 0 } = runner.stats ?? {};
      const counts = process.env.DOWNHILL_TEST_COUNTS;
      if (counts !== undefined)
        writeFileSync(counts, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
      if (failures > 0) reject(new Error(`${failures} of the tests inside the editor failed.`));
      else resolve();
    });
  });
}

/** Those that were asked for; all of them when started from VS Code's own "Run and Debug". */
function testFiles(): string[] {
  const wanted = process.env.DOWNHILL_TEST_FILES;
  if (wanted !== undefined) return JSON.parse(wanted) as string[];
  return readdirSync(__dirname)
    .filter((file) => file.endsWith(".test.js"))
    .map((file) => path.join(__dirname, file));
}
