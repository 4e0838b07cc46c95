import assert from "node:assert/strict";
import { JobQueue, type Turn } from "../../../../src/run/lab/queue";

/** Runs jobs to their end and tells in which order they worked. */
function workshop(crowded = false): {
  queue: JobQueue;
  told: string[];
  start: (id: number, priority: number, slices: number, failing?: boolean) => void;
  settled: () => Promise<void>;
} {
  const told: string[] = [];
  const queue = new JobQueue(() => crowded);
  const ends: Promise<void>[] = [];
  return {
    queue,
    told,
    start(id, priority, slices, failing = false) {
      const work = async function* (turn: Turn): AsyncGenerator<string, void> {
        for (let i = 0; i < slices; i++) {
          told.push(`${id} works`);
          await turn.breathe();
        }
        if (failing) throw new Error("broken");
        yield "part";
      };
      ends.push(
        new Promise((resolve) =>
          queue.add(id, priority, work, {
            part: () => told.push(`${id} part`),
            done: () => {
              told.push(`${id} done`);
              resolve();
            },
            failed: (error) => {
              told.push(`${id} ${error instanceof Error ? error.message : "?"}`);
              resolve();
            },
          }),
        ),
      );
    },
    settled: () => Promise.all(ends).then(() => undefined),
  };
}

describe("the lab's queue", () => {
  it("works at the most urgent job first, and at equal ones in turn of their age", async () => {
    const { start, told, settled } = workshop();
    start(1, 0, 2);
    start(2, 0, 1);
    start(3, 5, 1);
    await settled();
    const firsts = told.filter((line) => line.endsWith("done"));
    assert.deepEqual(firsts, ["3 done", "1 done", "2 done"]);
  });

  it("tells nothing more of a job that was cancelled, and goes on with the next", async () => {
    const { queue, start, told, settled } = workshop();
    const ended = new Promise<void>((resolve) => {
      const endless = async function* (turn: Turn): AsyncGenerator<string, void> {
        try {
          for (;;) await turn.breathe();
        } finally {
          resolve();
        }
        yield "never";
      };
      const wrong = (): void => void told.push("1 told");
      queue.add(1, 9, endless, { part: wrong, done: wrong, failed: wrong });
    });
    start(2, 0, 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(told, [], "a less urgent job got a turn");
    queue.cancel(1);
    await ended;
    await settled();
    assert.deepEqual(told, ["2 works", "2 part", "2 done"]);
  });

  it("goes on after a job that failed", async () => {
    const { start, told, settled } = workshop(true);
    start(1, 0, 1, true);
    start(2, 0, 1);
    await settled();
    assert.deepEqual(told, ["1 works", "1 broken", "2 works", "2 part", "2 done"]);
  });
});
