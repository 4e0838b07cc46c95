/** The walkthrough, the documents and the example files fit each other and what the extension has. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { commandIds, walkthroughKeys } from "../../../src/editor/contributed";
import { readRunConfig } from "../../../src/run/readRunConfig";

interface Step {
  id: string;
  title: string;
  description: string;
  media: { svg: string; altText: string };
  completionEvents: string[];
}

const read = (...names: string[]): string => readFileSync(path.join(DOWNHILL_ROOT, ...names), "utf8");
const manifest = JSON.parse(read("package.json")) as {
  activationEvents: string[];
  contributes: { walkthroughs: { id: string; steps: Step[] }[] };
};
const [walkthrough] = manifest.contributes.walkthroughs;
const docs = path.join(DOWNHILL_ROOT, "media/docs");
const pages = readdirSync(docs).map((name) => name.replace(/\.md$/, ""));
const starter = [
  ...read("scripts/build.mjs").matchAll(/"(?:functions\/)?([\w-]+\.(?:csv|train\.\w+))"/g),
].map((match) => match[1]);

describe("The walkthrough", () => {
  it("waits for what the extension tells, each step for another thing", () => {
    const events = walkthrough.steps.flatMap(({ completionEvents }) => completionEvents);
    assert.deepEqual(
      events.sort(),
      Object.values(walkthroughKeys)
        .map((key) => `onContext:${key}`)
        .sort(),
    );
  });

  it("links commands and example files that exist, and shows pictures that do", () => {
    for (const { description, media } of walkthrough.steps) {
      assert.ok(existsSync(path.join(DOWNHILL_ROOT, media.svg)), media.svg);
      assert.ok(media.altText.length > 10);
      for (const [, command, argument] of description.matchAll(/command:([\w.]+)\??([^)]*)/g)) {
        const value: unknown = argument === "" ? null : JSON.parse(decodeURIComponent(argument));
        if (command === "_downhill.openStarter") {
          assert.ok(manifest.activationEvents.includes(`onCommand:${command}`));
          assert.ok(starter.includes(String(value)), String(value));
        } else assert.ok((Object.values(commandIds) as string[]).includes(command), command);
        if (command === commandIds.openDocs) assert.ok(pages.includes(String(value)), String(value));
      }
    }
  });
});

describe("The documents", () => {
  it("are all in the list of the command, which names no others", () => {
    const listed = [...read("src/editor/docs.ts").matchAll(/^ {2}"?([\w-]+)"?: "/gm)].map(
      (match) => match[1],
    );
    assert.deepEqual(listed.sort(), [...pages].sort());
  });

  it("link pages that exist", () => {
    for (const page of pages)
      for (const [, target] of read("media/docs", `${page}.md`).matchAll(/\]\(([^)#:]+)\)/g))
        assert.ok(existsSync(path.join(docs, target)), `${page}: ${target}`);
  });

  it("show run configs that are right", () => {
    let count = 0;
    for (const page of pages)
      for (const [, text] of read("media/docs", `${page}.md`).matchAll(/```json\n([^]*?)```/g)) {
        const { config, functionRun, problems } = readRunConfig(text, "json");
        assert.deepEqual(problems, [], page);
        assert.ok(config ?? functionRun, page);
        count++;
      }
    assert.ok(count >= 11);
  });

  it("explain every advice", () => {
    for (const name of readdirSync(path.join(DOWNHILL_ROOT, "src/advice/rules")))
      for (const [, page] of read("src/advice/rules", name).matchAll(/^ {4}page: "(.*)"/gm))
        assert.ok(pages.includes(page), `${name}: ${page}`);
  });

  it("write formulas whose dollars are in pairs", () => {
    for (const page of pages) {
      const text = read("media/docs", `${page}.md`).replaceAll(/```[^]*?```|`[^`]*`/g, "");
      assert.equal(text.split("$").length % 2, 1, page);
    }
  });
});
