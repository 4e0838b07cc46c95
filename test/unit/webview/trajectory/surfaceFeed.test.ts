import assert from "node:assert/strict";
import type { Trajectory } from "../../../../src/protocol/run";
import type { LabQuestion, SurfacePart } from "../../../../src/protocol/surface";
import type { AnswerListener, LabLine } from "../../../../webview/labLine";
import { alignment, SurfaceFeed, type WantedSurface } from "../../../../webview/trajectory/surfaceFeed";

/** A path of so many steps along a line, with its mean in the middle. */
function pathOf(steps: number, turn = 0): Trajectory {
  const middle = (steps - 1) / 2;
  const along = (i: number): number => i - middle;
  const column = (of: (i: number) => number): Float64Array =>
    Float64Array.from({ length: steps }, (_, i) => of(i));
  return {
    step: column((i) => i),
    a: column((i) => along(i) * Math.cos(turn)),
    b: column((i) => along(i) * Math.sin(turn)),
    loss: column(() => 1),
    offPlane: column(() => 0),
    explained: [1, 0],
    sketched: false,
  };
}

interface Question {
  question: LabQuestion;
  listener: AnswerListener;
  left: boolean;
}

function feedWithLab(): { feed: SurfaceFeed; questions: Question[]; clock: { now: number } } {
  const questions: Question[] = [];
  const clock = { now: 1000 };
  const lab = {
    ask(_run: string, question: LabQuestion, listener: AnswerListener) {
      const asked = { question, listener, left: false };
      questions.push(asked);
      return { leave: () => void (asked.left = true) };
    },
  } as unknown as LabLine;
  return {
    feed: new SurfaceFeed(
      lab,
      () => undefined,
      () => clock.now,
    ),
    questions,
    clock,
  };
}

function wanted(trajectory: Trajectory, more: Partial<WantedSurface> = {}): WantedSurface {
  const [low, high] = [trajectory.a[0] - 1, (trajectory.a.at(-1) ?? 0) + 1];
  const shown = { a: [low, high] as [number, number], b: [low, high] as [number, number] };
  return {
    run: "r",
    key: "path",
    plane: { type: "path", aspect: 1, region: shown },
    trajectory,
    shown,
    region: shown,
    step: trajectory.step.at(-1) ?? 0,
    finished: false,
    ...more,
  };
}

function partOf(trajectory: Trajectory, stride: number): SurfacePart {
  const { region } = wanted(trajectory);
  const losses = new Float64Array((64 / stride) ** 2).fill(1);
  return { region, size: 64, stride, losses, rows: 1, allRows: 1, step: 0, trajectory };
}

function answer({ listener }: Question, trajectory: Trajectory): void {
  for (const stride of [4, 2, 1]) listener.part({ type: "lab", id: 1, surface: partOf(trajectory, stride) });
  listener.done(null);
}

describe("the surface under a path that grows", () => {
  const timers = { set: globalThis.setTimeout, clear: globalThis.clearTimeout };
  before(() => Object.assign(globalThis, { window: { setTimeout: () => 0, clearTimeout: () => undefined } }));
  after(() => {
    delete (globalThis as { window?: unknown }).window;
    assert.ok(timers.set === globalThis.setTimeout && timers.clear === globalThis.clearTimeout);
  });

  it("is asked for once, and again when the path has gone on, but not at once", () => {
    const { feed, questions, clock } = feedWithLab();
    const path = pathOf(20);
    feed.want(wanted(path));
    feed.want(wanted(path));
    assert.equal(questions.length, 1);
    answer(questions[0], path);
    assert.equal(feed.field?.part.stride, 1);
    feed.want(wanted(path));
    const longer = pathOf(21);
    feed.want(wanted(longer));
    assert.equal(questions.length, 1, "asked again too soon, or for nothing");
    clock.now += 2000;
    feed.want(wanted(longer));
    assert.equal(questions.length, 2);
  });

  it("is given up and begun anew when the plane turns away from it", () => {
    const { feed, questions } = feedWithLab();
    feed.want(wanted(pathOf(20)));
    questions[0].listener.part({ type: "lab", id: 1, surface: partOf(pathOf(20), 4) });
    feed.want(wanted(pathOf(20, 0.01)));
    assert.equal(questions.length, 1);
    feed.want(wanted(pathOf(20, 0.5)));
    assert.deepEqual(
      questions.map(({ left }) => left),
      [true, false],
    );
  });

  it("stays fine while a new one of nearly the same plane is still coarse", () => {
    const { feed, questions, clock } = feedWithLab();
    feed.want(wanted(pathOf(20)));
    answer(questions[0], pathOf(20));
    clock.now += 2000;
    const nearly = { ...pathOf(20, 0.001), step: pathOf(20).step };
    feed.want(wanted(nearly, { step: 25 }));
    questions[1].listener.part({ type: "lab", id: 2, surface: partOf(nearly, 4) });
    assert.equal(feed.field?.part.stride, 1);
  });

  it("is not asked for while nobody sees it, and not again after a failure at the end", () => {
    const { feed, questions, clock } = feedWithLab();
    const path = pathOf(20);
    feed.want(wanted(path, { finished: true }));
    feed.pause();
    assert.equal(questions[0].left, true);
    clock.now += 1000;
    feed.want(wanted(path, { finished: true }));
    questions[1].listener.done("The data are gone.");
    assert.equal(feed.failed, "The data are gone.");
    clock.now += 100_000;
    feed.want(wanted(path, { finished: true }));
    assert.equal(questions.length, 2);
  });
});

describe("the alignment of two states of a path", () => {
  it("is how far the mean has moved, and what remains beyond it", () => {
    const before = pathOf(10);
    const after = pathOf(14);
    const { a, b, deviation } = alignment(before, after);
    assert.ok(Math.abs(a + 2) < 1e-9 && Math.abs(b) < 1e-9 && deviation < 1e-9);
    assert.ok(alignment(before, pathOf(10, Math.PI / 4)).deviation > 0.1);
    const other = { ...before, step: before.step.map((step) => step + 1000) };
    assert.equal(alignment(before, other).deviation, Infinity);
  });
});
