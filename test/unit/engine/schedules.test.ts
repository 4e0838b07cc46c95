import assert from "node:assert/strict";
import { createSchedule, type ScheduleScope, type ScheduleSettings } from "../../../src/engine/schedules";

const scope: ScheduleScope = { learningRate: 0.1, stepsPerEpoch: 5, totalSteps: 50 };

const rates = (settings: ScheduleSettings, of = scope): number[] => {
  const schedule = createSchedule(settings, of);
  return Array.from({ length: of.totalSteps }, (_, i) => schedule.learningRateAt(i + 1));
};

function assertRates(actual: number[], expected: number[]) {
  assert.equal(actual.length, expected.length);
  expected.forEach((rate, i) =>
    assert.ok(
      Math.abs(actual[i] - rate) <= 1e-13 * Math.abs(rate) + 1e-18,
      `step ${i + 1}: ${actual[i]}, not ${rate}`,
    ),
  );
}

/** A rate per epoch, changed after each one as PyTorch's chained formulas do. */
const perEpoch = (after: (rate: number, epoch: number) => number): number[] => {
  const all: number[] = [];
  for (let epoch = 1, rate = 0.1; epoch <= 10; rate = after(rate, epoch), epoch++)
    all.push(...new Array<number>(5).fill(rate));
  return all;
};

describe("learning-rate schedules", () => {
  it("constant", () =>
    assertRates(rates({ type: "constant", warmupSteps: 0 }), new Array<number>(50).fill(0.1)));

  it("step: StepLR", () => {
    assertRates(
      rates({ type: "step", every: 3, factor: 0.5, warmupSteps: 0 }),
      perEpoch((rate, epoch) => (epoch % 3 === 0 ? rate * 0.5 : rate)),
    );
  });

  it("exponential: ExponentialLR", () => {
    assertRates(
      rates({ type: "exponential", factor: 0.9, warmupSteps: 0 }),
      perEpoch((rate) => rate * 0.9),
    );
  });

  it("cosine: CosineAnnealingLR in its recursive form", () => {
    const expected = [0.1];
    for (let t = 1; t < 50; t++) {
      const before = expected[t - 1];
      expected.push(
        ((1 + Math.cos((Math.PI * t) / 50)) / (1 + Math.cos((Math.PI * (t - 1)) / 50))) * (before - 0.001) +
          0.001,
      );
    }
    assertRates(rates({ type: "cosine", final: 0.001, warmupSteps: 0 }), expected);
  });

  it("one-cycle: OneCycleLR", () => {
    const anneal = (start: number, end: number, pct: number) =>
      end + ((start - end) / 2) * (Math.cos(Math.PI * pct) + 1);
    const expected = Array.from({ length: 50 }, (_, t) =>
      t <= 14 ? anneal(0.5 / 25, 0.5, t / 14) : anneal(0.5, 0.5 / 25 / 1e4, (t - 14) / (49 - 14)),
    );
    const actual = rates({ type: "one-cycle", peak: 0.5, warmupSteps: 0 });
    assertRates(actual, expected);
    assert.equal(Math.max(...actual), 0.5);
    assert.equal(Math.max(...rates({ type: "one-cycle", warmupSteps: 0 })), 0.1);
  });

  it("one-cycle: OneCycleLR in runs of a few steps, too", () => {
    // PyTorch 1.13's figures for max_lr 0.2.
    const expected = [
      [8e-7],
      [0.1623491307899526, 8e-7],
      [0.19888308709018238, 0.09252742053339501, 8e-7],
      [0.008, 0.1623491307899526, 0.056612199641739844, 8e-7],
    ];
    const settings: ScheduleSettings = { type: "one-cycle", peak: 0.2, warmupSteps: 0 };
    for (const wanted of expected) {
      assertRates(rates(settings, { ...scope, totalSteps: wanted.length }), wanted);
    }
  });

  it("one-cycle and cosine stay finite in runs of a few steps, and past their end", () => {
    for (const type of ["one-cycle", "cosine"] as const) {
      for (const totalSteps of [1, 2, 3, 4, 5]) {
        const settings: ScheduleSettings = { type, final: 0, warmupSteps: 0 };
        const schedule = createSchedule(settings, { ...scope, totalSteps });
        for (let step = 1; step <= totalSteps + 3; step++) {
          const rate = schedule.learningRateAt(step);
          assert.ok(rate >= 0 && rate <= 0.1, `${type} of ${totalSteps}, step ${step}: ${rate}`);
        }
      }
    }
  });

  it("warmup rises linearly to the scheduled rate, and moves what is counted in steps", () => {
    const constant = rates({ type: "constant", warmupSteps: 4 });
    assertRates(constant.slice(0, 6), [0.025, 0.05, 0.075, 0.1, 0.1, 0.1]);
    const warm = rates({ type: "cosine", final: 0, warmupSteps: 10 });
    assertRates(warm.slice(0, 3), [0.01, 0.02, 0.03]);
    assertRates(
      warm.slice(10),
      rates({ type: "cosine", final: 0, warmupSteps: 0 }, { ...scope, totalSteps: 40 }),
    );
    const decayed = rates({ type: "exponential", factor: 0.5, warmupSteps: 7 });
    assertRates([decayed[5], decayed[6], decayed[7]], [(0.05 * 6) / 7, 0.05, 0.05]);
    assertRates(rates({ type: "cosine", final: 0, warmupSteps: 100 }).slice(0, 2), [0.001, 0.002]);
  });
});

/** ReduceLROnPlateau(mode="min", threshold=1e-4), transcribed from its documentation. */
function naivePlateau(losses: number[], factor: number, patience: number): number[] {
  let [best, bad, rate] = [Infinity, 0, 0.1];
  return losses.map((loss) => {
    if (loss < best * (1 - 1e-4)) [best, bad] = [loss, 0];
    else bad += 1;
    if (bad > patience) [rate, bad] = [rate * factor, 0];
    return rate;
  });
}

describe("reduce-on-plateau", () => {
  const losses = [
    1,
    0.9,
    0.95,
    0.91,
    0.92,
    0.8,
    0.79999,
    0.8,
    0.8,
    NaN,
    0.5,
    0.6,
    0.6,
    0.6,
    0.6,
    0.6,
    0.6,
    0.6,
    0.1,
  ];
  const settings: ScheduleSettings = { type: "reduce-on-plateau", factor: 0.2, patience: 2, warmupSteps: 0 };

  for (const patience of [0, 1, 2, 5]) {
    it(`is PyTorch's, with patience ${patience}`, () => {
      const schedule = createSchedule({ ...settings, patience }, scope);
      const actual = losses.map((loss, epoch) => {
        schedule.epochEnded(loss);
        return schedule.learningRateAt(epoch * 5 + 6);
      });
      assertRates(actual, naivePlateau(losses, 0.2, patience));
    });
  }

  it("continues from a restored state, through JSON", () => {
    for (let cut = 0; cut <= losses.length; cut++) {
      const first = createSchedule(settings, scope);
      losses.slice(0, cut).forEach((loss) => first.epochEnded(loss));
      const second = createSchedule(settings, scope);
      second.restore(JSON.parse(JSON.stringify(first.state())) as ReturnType<typeof first.state>);
      for (const loss of losses.slice(cut)) {
        first.epochEnded(loss);
        second.epochEnded(loss);
        assert.equal(second.learningRateAt(200), first.learningRateAt(200));
      }
    }
  });

  it("other schedules do not listen to the loss", () => {
    const schedule = createSchedule({ type: "constant", warmupSteps: 0 }, scope);
    for (let i = 0; i < 100; i++) schedule.epochEnded(1);
    assert.equal(schedule.learningRateAt(3), 0.1);
  });
});
