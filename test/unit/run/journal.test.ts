import assert from "node:assert/strict";
import { appendFileSync, readdirSync, readFileSync, statSync, truncateSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { decodeEvents } from "../../../src/formats/tensorboard";
import { Journal, replayJournal } from "../../../src/run/journal";
import { removeTemporaryFolders, temporaryFolder } from "./support";

const journalFile = (folder: string): string => path.join(folder, readdirSync(folder)[0]);

const failed = (error: unknown): never => {
  throw error;
};

describe("the journal", () => {
  afterEach(removeTemporaryFolders);

  it("writes at most 200 records a second and keeps the spikes", async () => {
    const folder = temporaryFolder();
    let now = 1_000_000;
    const journal = await Journal.create(folder, now, { failed, now: () => now });
    const spikes = [1234, 77_777, 199_998];
    for (let step = 1; step <= 200_000; step++) {
      journal.step(
        step,
        spikes.includes(step) ? 50 : Math.sin(step),
        step === 4321 ? 9 : Math.cos(step),
        0.1,
      );
      if (step % 10 === 0)
        journal.epoch(step / 10, step, { "training.loss": Math.sin(step / 7), "validation.accuracy": 0.5 });
      if (step % 2000 !== 0) continue;
      now += 100;
      journal.tick();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await journal.close();
    const { events, torn } = decodeEvents(readFileSync(journalFile(folder)));
    assert.equal(torn, false);
    for (const { wallTime } of events) {
      const within = events.filter((other) => other.wallTime >= wallTime && other.wallTime < wallTime + 1);
      assert.ok(within.length <= 200, `${within.length} records in the second from ${wallTime}`);
    }
    assert.ok(events.length > 1000, "10 seconds hold more than 1000 records");
    const { steps, epochs } = replayJournal(events);
    const { step, loss, gradientNorm } = steps.columns();
    for (const spike of spikes) assert.equal(loss[step.indexOf(spike)], 50);
    assert.equal(gradientNorm[step.indexOf(4321)], 9);
    assert.equal(step[0], 1);
    assert.equal(step.at(-1), 200_000);
    assert.equal(epochs.columns().epoch.at(-1), 20_000);
    assert.equal(epochs.columns().metrics["validation.accuracy"].at(-1), 0.5);
  });

  it("writes at most 200 records in any second, however steps and epochs come, and always the last ones", async () => {
    const moments = fc.array(
      fc.record({
        wait: fc.integer({ min: 100, max: 250 }),
        steps: fc.integer({ min: 0, max: 300 }),
        epochs: fc.integer({ min: 0, max: 300 }),
      }),
      { minLength: 1, maxLength: 25 },
    );
    await fc.assert(
      fc.asyncProperty(moments, async (all) => {
        const folder = temporaryFolder();
        let [now, step, epoch] = [1_000_000, 0, 0];
        const journal = await Journal.create(folder, now, { failed, now: () => now });
        for (const { wait, steps, epochs } of all) {
          now += wait;
          for (let i = 0; i < steps; i++) journal.step(++step, Math.sin(step), Math.cos(step), 0.1);
          for (let i = 0; i < epochs; i++) {
            journal.epoch(++epoch, step, { "training.loss": Math.sin(epoch), "validation.loss": 1 });
          }
          journal.tick();
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
        await journal.close();
        const { events } = decodeEvents(readFileSync(journalFile(folder)));
        const times = events.map(({ wallTime }) => Math.round(wallTime * 1000));
        let from = 0;
        times.forEach((time, i) => {
          while (time - times[from] >= 1000) from++;
          assert.ok(i - from < 200, `${i - from + 1} records in the second before ${time}`);
        });
        const told = replayJournal(events);
        assert.equal(told.steps.columns().step.at(-1) ?? 0, step);
        assert.equal(told.epochs.columns().epoch.at(-1) ?? 0, epoch);
      }),
      { numRuns: 60 },
    );
  });

  it("brings back all of a short run, as far as float32 goes, also behind a torn record", async () => {
    const folder = temporaryFolder();
    const journal = await Journal.create(folder, Date.now(), { failed });
    journal.epoch(0, 0, { "training.loss": 4, "training.r2": NaN });
    journal.step(1, 3, NaN, 0.1);
    journal.step(2, Infinity, 1, 0.05);
    journal.epoch(1, 2, { "training.loss": 2, "training.r2": 0.5 });
    await journal.close();
    appendFileSync(journalFile(folder), Buffer.from([24, 0, 0, 0, 0, 0, 0, 0, 0xa3]));
    const { steps, epochs } = replayJournal(decodeEvents(readFileSync(journalFile(folder))).events);
    assert.deepEqual(steps.columns(), {
      step: Float64Array.of(1, 2),
      loss: Float64Array.of(3, Infinity),
      gradientNorm: Float64Array.of(NaN, 1),
      learningRate: Float64Array.of(Math.fround(0.1), Math.fround(0.05)),
    });
    assert.deepEqual(epochs.columns(), {
      epoch: Float64Array.of(0, 1),
      step: Float64Array.of(0, 2),
      metrics: { "training.loss": Float64Array.of(4, 2), "training.r2": Float64Array.of(NaN, 0.5) },
    });
  });

  it("is readable while the run goes on", async () => {
    const folder = temporaryFolder();
    const journal = await Journal.create(folder, Date.now(), { failed });
    journal.step(1, 3, 1, 0.1);
    await new Promise((resolve) => setTimeout(resolve, 170));
    journal.tick();
    await new Promise((resolve) => setTimeout(resolve, 60));
    assert.equal(decodeEvents(readFileSync(journalFile(folder))).events.length, 1);
    await journal.close();
  });

  it("has what was told in its file within 100 ms, however much it is and however it comes", async () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 5, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(gaps, fc.integer({ min: 1, max: 50 }), async (all, stepsAtOnce) => {
        const folder = temporaryFolder();
        let [now, step] = [1_000_000, 0];
        const journal = await Journal.create(folder, now, { failed, now: () => now });
        for (const gap of all) {
          for (let i = 0; i < stepsAtOnce; i++) journal.step(++step, Math.sin(step), 1, 0.1);
          journal.epoch(step, step, { "training.loss": 1 });
          journal.weights({ wallTime: now / 1000, step, histograms: [] });
          // The run looks at what is due every 20 ms.
          let waited = 0;
          for (; waited < gap; waited += 20) {
            journal.tick();
            if (journal.settled) await journal.mark();
            if (waited >= 80) assert.ok(journal.settled, `not after ${waited} ms`);
            now += 20;
          }
        }
        await journal.close();
      }),
      { numRuns: 40 },
    );
  });

  it("goes on from where it stood, and forgets what came after that", async () => {
    const folder = temporaryFolder();
    let now = 1_000_000;
    const options = { failed, now: () => now };
    const journal = await Journal.create(folder, now, options);
    journal.step(1, 3, 1, 0.1);
    now += 100;
    journal.tick();
    assert.ok(journal.settled);
    const mark = await journal.mark();
    assert.equal(mark.length, statSync(journalFile(folder)).size);
    journal.step(2, 2, 1, 0.1);
    await journal.close();
    assert.ok(statSync(journalFile(folder)).size > mark.length);
    const second = await Journal.continue(folder, mark, options);
    second.step(2, 5, 1, 0.1);
    await second.close();
    const { events } = decodeEvents(readFileSync(journalFile(folder)));
    assert.deepEqual([...replayJournal(events).steps.columns().loss], [3, 5]);
    // The disk lost its end with the power: what is whole of it stays.
    truncateSync(journalFile(folder), mark.length + 5);
    const third = await Journal.continue(folder, { ...mark, length: mark.length + 50 }, options);
    third.step(2, 6, 1, 0.1);
    await third.close();
    const again = decodeEvents(readFileSync(journalFile(folder)));
    assert.deepEqual([...replayJournal(again.events).steps.columns().loss], [3, 6]);
    assert.equal(again.torn, false);
  });
});
