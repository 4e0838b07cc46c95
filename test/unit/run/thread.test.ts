import assert from "node:assert/strict";
import { once } from "node:events";
import { copyFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { startThread } from "../../../src/run/thread";
import { built } from "../cli/built";
import { removeTemporaryFolders, temporaryFolder } from "./support";

after(removeTemporaryFolders);

describe("threads of one bundle", () => {
  it("take over the code that the first of them compiled, as long as the source is the same", async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, "worker.js");
    copyFileSync(built().workerStart, path.join(folder, "workerStart.js"));
    const source = `const { parentPort, workerData } = require("node:worker_threads");
      const { sep } = require("./beside.js");
      const compiles = globalThis.keepCode !== undefined;
      globalThis.keepCode?.();
      parentPort.postMessage({ type: "told", compiles, given: workerData.given, here: __filename + sep + __dirname });`;
    writeFileSync(file, source);
    writeFileSync(path.join(folder, "beside.js"), 'exports.sep = " in ";');
    const here = `${file} in ${folder}`;
    assert.deepEqual(await told(file, 1), { type: "told", compiles: true, given: 1, here });
    assert.deepEqual(await told(file, 2), { type: "told", compiles: false, given: 2, here });
    writeFileSync(file, `// An update.\n${source}`);
    assert.deepEqual(await told(file, 3), { type: "told", compiles: true, given: 3, here });
  });
});

async function told(file: string, given: number): Promise<unknown> {
  const thread = startThread(file, { given }, "a test");
  const messages: { type: string }[] = [];
  thread.on("message", (message: { type: string }) => messages.push(message));
  await once(thread, "exit");
  return messages.find(({ type }) => type === "told");
}
