import assert from "node:assert/strict";
import type { RunSnapshot } from "../../../src/protocol/webview";
import type { RunSource } from "../../../src/editor/runSource";
import { runTree, type TreeOptions } from "../../../src/editor/runTree";

const source = (id: string, part: Partial<RunSource> = {}): RunSource => ({
  id,
  name: "iris",
  configFile: "/w/iris.train.json",
  folder: `/w/.downhill/runs/${id}`,
  status: "completed",
  startedAt: 0,
  result: null,
  resumable: false,
  load: () => ({}) as RunSnapshot,
  ...part,
});
const all: TreeOptions = { filter: "", limitOf: () => 50 };
const idsIn = (runs: RunSource[], options: Partial<TreeOptions> = {}): [string, string[]][] =>
  runTree(runs, { ...all, ...options }).map(({ id, children }) => [id, children.map((child) => child.id)]);

describe("The tree of runs", () => {
  it("has a node for each run config, and in each the newest run first", () => {
    const wine = { name: "wine", configFile: "/w/wine.train.json" };
    assert.deepEqual(idsIn([source("4", wine), source("3"), source("2", wine), source("1")]), [
      ["/w/wine.train.json", ["4", "2"]],
      ["/w/iris.train.json", ["3", "1"]],
    ]);
    assert.deepEqual(idsIn([]), []);
  });

  it("puts pinned runs first and compares each run with the one before it", () => {
    const [node] = runTree([source("3"), source("2"), source("1", { pinned: true })], all);
    assert.deepEqual(
      node.children.map((child) => child.kind === "run" && [child.id, child.before?.id ?? null]),
      [
        ["1", null],
        ["3", "2"],
        ["2", "1"],
      ],
    );
  });

  it("tells run configs of the same name apart by their folder", () => {
    const nodes = runTree([source("2", { configFile: "/w/b/iris.train.json" }), source("1")], all);
    assert.deepEqual(
      nodes.map(({ place }) => place),
      ["/w/b", "/w"],
    );
    assert.equal(runTree([source("1")], all)[0].place, "");
  });

  it("shows a page of many runs, and never hides a pinned one", () => {
    const runs = Array.from({ length: 5000 }, (_, i) => source(`r${i}`, { pinned: i >= 4990 }));
    const [node] = runTree(runs, all);
    assert.equal(node.count, 5000);
    assert.equal(node.children.length, 51);
    assert.equal(node.children[0].id, "r4990");
    const last = node.children[50];
    assert.ok(last.kind === "more");
    assert.equal(last.hidden, 4950);
    assert.equal(runTree(runs, { ...all, limitOf: () => 5 })[0].children.length, 11);
    assert.equal(runTree(runs, { ...all, limitOf: () => 5000 })[0].children.length, 5000);
  });

  it("keeps of a filter the runs that have all of its words", () => {
    const runs = [
      source("3", { title: "Baseline", settings: { "optimizer.type": "adam" } }),
      source("2", { status: "diverged", settings: { "optimizer.type": "sgd" } }),
      source("1", { name: "wine", configFile: "/w/wine.train.json" }),
    ];
    const found = (filter: string): string[] => idsIn(runs, { filter }).flatMap(([, ids]) => ids);
    assert.deepEqual(found("baseline"), ["3"]);
    assert.deepEqual(found("IRIS optimizer"), ["3", "2"]);
    assert.deepEqual(found(" diverged  sgd "), ["2"]);
    assert.deepEqual(found("wine"), ["1"]);
    assert.deepEqual(found("wine adam"), []);
    // The settings are compared with the run before, whether it passes or not.
    const [node] = runTree(runs, { ...all, filter: "baseline" });
    assert.equal(node.children[0].kind === "run" && node.children[0].before?.id, "2");
  });
});
