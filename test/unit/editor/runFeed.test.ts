import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { RunDelta, RunSnapshot, ToWebview } from "../../../src/protocol/webview";
import { RunFeed } from "../../../src/editor/runFeed";
import type { RunSource } from "../../../src/editor/runSource";

const empty = new Float64Array(0);

/** A run that counts its steps and tells of each. */
function countingRun(id: string) {
  const listeners = new Set<(delta: RunDelta) => void>();
  let steps: number[] = [];
  const columns = (values: number[]) => {
    const column = Float64Array.from(values);
    return { step: column, loss: column, gradientNorm: column, learningRate: column };
  };
  const source: Omit<RunSource, "load"> & { load: () => RunSnapshot } = {
    id,
    name: id,
    configFile: `/w/${id}.train.json`,
    folder: null,
    status: "running",
    startedAt: 0,
    result: null,
    resumable: false,
    load: (): RunSnapshot => ({
      id,
      name: id,
      status: "running",
      loading: null,
      description: null,
      progress: null,
      steps: columns(steps),
      epochs: { epoch: empty, step: empty, metrics: {} },
      trajectory: null,
      result: null,
      warnings: [],
    }),
    onDelta: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const makeStep = () => {
    const step = steps.length + 1;
    steps = [...steps, step];
    for (const listener of listeners) listener({ id, steps: columns([step]) });
  };
  return { source, makeStep, listeners };
}

/** The steps that a page would have drawn: a snapshot, then deltas. */
function drawn(messages: ToWebview[]): number[] {
  let steps: number[] = [];
  for (const message of messages)
    steps =
      message.type === "snapshot"
        ? [...(message.run?.steps.step ?? [])]
        : [...steps, ...(message.run.steps?.step ?? [])];
  return steps;
}

function openFeed() {
  const messages: ToWebview[] = [];
  const errors: unknown[] = [];
  const feed = new RunFeed(
    (message) => messages.push(message),
    (error) => errors.push(error),
  );
  return { feed, messages, errors };
}

describe("The feed of a webview", () => {
  it("sends nothing before the page has loaded, then a snapshot, then what changes", async () => {
    const { feed, messages } = openFeed();
    const run = countingRun("a");
    feed.show(run.source);
    run.makeStep();
    assert.equal(messages.length, 0);
    feed.ready();
    assert.deepEqual(drawn(messages), [1]);
    run.makeStep();
    run.makeStep();
    await delay(120);
    assert.deepEqual(drawn(messages), [1, 2, 3]);
    feed.dispose();
  });

  it("sends at most 20 messages a second and loses nothing", async () => {
    const { feed, messages } = openFeed();
    const run = countingRun("a");
    feed.show(run.source);
    feed.ready();
    const start = performance.now();
    while (performance.now() - start < 500) {
      run.makeStep();
      await delay(2);
    }
    await delay(120);
    const seconds = (performance.now() - start) / 1000;
    assert.ok(messages.length <= 20 * seconds + 2, `${messages.length} messages in ${seconds} s`);
    assert.ok(messages.length >= 4, `${messages.length} messages`);
    assert.deepEqual(drawn(messages), [...run.source.load().steps.step]);
    feed.dispose();
  });

  it("draws another run beside the one that is shown, and sends nothing twice for it", async () => {
    const { feed, messages } = openFeed();
    const run = countingRun("a");
    const before = countingRun("b");
    before.makeStep();
    feed.show(run.source);
    feed.ready();
    run.makeStep();
    feed.showBeside(before.source);
    run.makeStep();
    await delay(120);
    run.makeStep();
    await delay(120);
    assert.deepEqual(drawn(messages), [1, 2, 3]);
    const besides = () => messages.map((each) => (each.type === "snapshot" ? each.run?.beside?.id : null));
    assert.deepEqual(
      besides().filter((id) => id !== null),
      [undefined, "b"],
    );
    feed.show(before.source);
    assert.equal(besides().at(-1), undefined);
    feed.dispose();
  });

  it("is silent while the page is hidden, and makes up for it with a snapshot", async () => {
    const { feed, messages } = openFeed();
    const run = countingRun("a");
    feed.show(run.source);
    feed.ready();
    feed.hidden();
    const before = messages.length;
    run.makeStep();
    await delay(80);
    assert.equal(messages.length, before);
    feed.ready();
    assert.deepEqual(drawn(messages), [1]);
    feed.dispose();
  });

  it("leaves a run for another", async () => {
    const { feed, messages } = openFeed();
    const a = countingRun("a");
    const b = countingRun("b");
    feed.ready();
    assert.deepEqual(messages.at(-1), { type: "snapshot", version: 1, run: null });
    feed.show(a.source);
    feed.show(b.source);
    assert.equal(a.listeners.size, 0);
    a.makeStep();
    b.makeStep();
    await delay(80);
    assert.deepEqual(drawn(messages), [1]);
    assert.ok(
      messages.every(
        (message) => message.run === null || message.run.id !== "a" || message.type === "snapshot",
      ),
    );
    feed.dispose();
    assert.equal(b.listeners.size, 0);
  });

  it("does not show a stored run that is read after another was asked for", async () => {
    const { feed, messages } = openFeed();
    const slow = countingRun("slow").source;
    feed.ready();
    feed.show({ ...slow, load: () => delay(30).then(() => slow.load()) });
    feed.show(countingRun("quick").source);
    await delay(80);
    const last = messages.at(-1);
    assert.equal(last?.type === "snapshot" ? last.run?.id : null, "quick");
    assert.ok(messages.every(({ run }) => run?.id !== "slow"));
    feed.dispose();
  });

  it("reports a run that cannot be read", async () => {
    const { feed, errors } = openFeed();
    feed.ready();
    feed.show({ ...countingRun("a").source, load: () => Promise.reject(new Error("gone")) });
    await delay(10);
    assert.equal(errors.length, 1);
    feed.dispose();
  });
});
