import assert from "node:assert/strict";
import type { RunCommand, RunEvent } from "../../../src/protocol/worker";
import { nothingReached } from "../../../src/run/nothingReached";
import { RunQueue } from "../../../src/run/runQueue";
import type { EventListener, Trainer } from "../../../src/run/trainer";

/** A trainer that a test ends. */
class FakeRun implements Trainer {
  readonly commands: RunCommand[] = [];
  private readonly listeners: EventListener[] = [];
  onEvent(listener: EventListener): void {
    this.listeners.push(listener);
  }
  send(command: RunCommand): void {
    this.commands.push(command);
  }
  terminate(): Promise<void> {
    this.end();
    return Promise.resolve();
  }
  end(): void {
    const result = { ...nothingReached, status: "completed" as const, message: "Done." };
    for (const listener of this.listeners) void listener({ type: "done", result });
  }
}

function queueOf(most: number, count: number) {
  const queue = new RunQueue(most);
  const begun: (FakeRun | undefined)[] = [];
  const events: RunEvent[][] = [];
  const runs = Array.from({ length: count }, (_, i) => {
    const run = queue.add(() => (begun[i] = new FakeRun()));
    run.onEvent((event) => void (events[i] ??= []).push(event));
    return run;
  });
  const going = (): number[] => begun.flatMap((run, i) => (run ? [i] : []));
  return { runs, begun, events, going };
}

describe("Several runs", () => {
  it("go on so many at once, in their order", async () => {
    const { begun, going, events } = queueOf(2, 4);
    await Promise.resolve();
    assert.deepEqual(going(), [0, 1]);
    assert.deepEqual(events[3], [{ type: "loading", message: "Waiting for other runs", fraction: null }]);
    begun[1]?.end();
    assert.deepEqual(going(), [0, 1, 2]);
    begun[0]?.end();
    begun[2]?.end();
    assert.deepEqual(going(), [0, 1, 2, 3]);
    begun[3]?.end();
    assert.ok(events.every((told) => told.at(-1)?.type === "done"));
  });

  it("can be stopped before they begin, and then never begin", async () => {
    const { runs, begun, going, events } = queueOf(1, 3);
    await Promise.resolve();
    runs[1].send({ type: "stop" });
    const last = events[1].at(-1);
    assert.ok(last?.type === "done" && last.result.status === "stopped" && last.result.steps === 0);
    runs[1].send({ type: "stop" });
    await runs[1].terminate();
    assert.equal(events[1].filter(({ type }) => type === "done").length, 1);
    begun[0]?.end();
    assert.deepEqual(going(), [0, 2]);
  });

  it("hear when they begin what they were told before", async () => {
    const { runs, begun } = queueOf(1, 2);
    await Promise.resolve();
    runs[1].send({ type: "pause" });
    begun[0]?.end();
    assert.deepEqual(begun[1]?.commands, [{ type: "pause" }]);
    runs[1].send({ type: "resume" });
    assert.equal(begun[1].commands.length, 2);
  });
});
