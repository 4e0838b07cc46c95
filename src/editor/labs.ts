import type { EvaluationPart, ImportancePart, NetworkPart, PredictPart } from "../protocol/evaluation";
import type { AskLab, LabAnswer, LabQuestion, OtherRun } from "../protocol/surface";
import type { Lab, LabRequest } from "../run/lab";
import { log } from "./errors";
import type { LiveRuns } from "./liveRuns";
import { ownArrays } from "./mergeDeltas";
import { isFinished, mergeRuns, type RunSource } from "./runSource";
import { age } from "./runTexts";
import type { StoredRuns } from "./storedRuns";

/** Points of a slice: enough for a smooth line. */
const slicePoints = 97;

/** More would be no list that anybody reads. */
const mostOthers = 30;

/** Finds what labs look at, and makes a desk for every panel that asks. */
export class Labs {
  constructor(
    private readonly liveRuns: LiveRuns,
    private readonly storedRuns: StoredRuns,
  ) {}

  desk(post: (answer: LabAnswer) => void): LabDesk {
    return new LabDesk(this, post);
  }

  async open(run: RunSource): Promise<Lab> {
    const { Lab } = await import("./onDemand");
    return new Lab(
      { name: run.name, folder: run.folder, connect: () => run.connect?.() ?? null },
      { workerFile: this.liveRuns.workerFile, log: (message) => log().warn(message) },
    );
  }

  async run(id: string): Promise<RunSource | undefined> {
    const live = this.liveRuns.all.find((run) => run.id === id);
    if (live) return live;
    await this.storedRuns.ready();
    return this.storedRuns.runs.find((run) => run.id === id);
  }

  /** The runs whose parameters can be on a straight line with those of a run: kept ones of the same network on the same data. */
  async others(id: string): Promise<OtherRun[]> {
    await this.storedRuns.ready();
    const { runs } = this.storedRuns;
    const settings = (await this.run(id))?.settings ?? runs.find((run) => run.id === id)?.settings;
    const alike = (other: RunSource): boolean =>
      other.id !== id &&
      other.result !== null &&
      other.settings !== undefined &&
      !("function.expression" in other.settings) &&
      (settings === undefined || sameNetwork(settings, other.settings));
    return mergeRuns(this.liveRuns.all.filter(isFinished), runs)
      .filter(alike)
      .slice(0, mostOthers)
      .map((run) => ({ id: run.id, label: run.title ?? `${run.name} · ${age(Date.now() - run.startedAt)}` }));
  }
}

function sameNetwork(a: NonNullable<RunSource["settings"]>, b: NonNullable<RunSource["settings"]>): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => !decisive.test(key) || JSON.stringify(a[key]) === JSON.stringify(b[key]));
}

/** Settings on which the shape of the network depends, as far as one can tell without reading the data. */
const decisive = /^(data\.(file|target|features|ignore)|network\.hidden|loss|task)\b/;

/** Takes one panel's questions about the run that it shows to the run's lab, and brings the answers back. */
export class LabDesk {
  private lab: { run: string; lab: Promise<Lab> } | null = null;
  /** Questions that are not answered yet; null while their lab is being opened. */
  private readonly asked = new Map<number, LabRequest<unknown> | null>();

  constructor(
    private readonly labs: Labs,
    private readonly post: (answer: LabAnswer) => void,
  ) {}

  receive(message: AskLab): void {
    if (message.type === "leaveLab") return this.leave(message.id);
    const { run, id, question } = message;
    this.asked.set(id, null);
    this.answer(run, id, question).then(
      () => this.told({ type: "lab", id, done: true }),
      (error: unknown) => {
        const failed = error instanceof Error ? error.message.split("\n")[0] : String(error);
        this.told({ type: "lab", id, failed });
      },
    );
  }

  /** The page is gone: nothing is wanted any more. */
  clear(): void {
    for (const id of [...this.asked.keys()]) this.leave(id);
    void this.lab?.lab.then((lab) => lab.dispose());
    this.lab = null;
  }

  private leave(id: number): void {
    this.asked.get(id)?.cancel();
    this.asked.delete(id);
  }

  private told(answer: LabAnswer): void {
    if (this.asked.has(answer.id)) this.post(answer);
    this.asked.delete(answer.id);
  }

  private async answer(run: string, id: number, question: LabQuestion): Promise<void> {
    if (question.kind === "others") {
      const others = await this.labs.others(run);
      if (this.asked.has(id)) this.post({ type: "lab", id, others });
      return;
    }
    const lab = await this.labOf(run);
    if (question.kind === "surface") {
      const request = lab.request("surface", question.surface);
      await this.pass(id, request, (surface) => ({ type: "lab", id, surface: ownArrays(surface) }));
      return;
    }
    if (question.kind !== "slice") return this.pass(id, ...inspection(lab, id, question));
    const other = await this.labs.run(question.other);
    if (!other?.folder) throw new Error("The other run is no longer there.");
    const request = lab.request("slice", { folder: other.folder, points: slicePoints });
    await this.pass(id, request, (slice) => ({ type: "lab", id, slice: ownArrays(slice) }));
  }

  private async pass<Part>(
    id: number,
    request: LabRequest<Part>,
    answerOf: (part: never) => LabAnswer,
  ): Promise<void> {
    // It may have been left while the lab was opened.
    if (!this.asked.has(id)) {
      request.cancel();
      return;
    }
    this.asked.set(id, request);
    for await (const part of request) if (this.asked.has(id)) this.post(answerOf(part as never));
  }

  private async labOf(id: string): Promise<Lab> {
    if (this.lab?.run === id) return this.lab.lab;
    const run = await this.labs.run(id);
    if (!run) throw new Error("The run is no longer there.");
    // Another question may have opened it meanwhile.
    const now = this.lab;
    if (now?.run === id) return now.lab;
    void now?.lab.then((lab) => lab.dispose());
    this.lab = { run: id, lab: this.labs.open(run) };
    return this.lab.lab;
  }
}

type Inspection = Exclude<LabQuestion, { kind: "surface" | "slice" | "others" }>;

/** Questions about rows and layers, which a page may ask again and again: what it waits for least comes last. */
function inspection(
  lab: Lab,
  id: number,
  question: Inspection,
): [request: LabRequest<unknown>, answerOf: (part: never) => LabAnswer] {
  switch (question.kind) {
    case "evaluate":
      return [
        lab.request("evaluate", question.evaluate),
        (evaluation: EvaluationPart) => ({ type: "lab", id, evaluation: ownArrays(evaluation) }),
      ];
    case "importance":
      return [
        lab.request("importance", question.importance, -1),
        (importances: ImportancePart) => ({ type: "lab", id, importances: ownArrays(importances) }),
      ];
    case "predict":
      return [
        lab.request("predictRow", question.predict, 1),
        (prediction: PredictPart) => ({ type: "lab", id, prediction }),
      ];
    case "network":
      return [
        lab.request("networkPicture", {}),
        (network: NetworkPart) => ({ type: "lab", id, network: ownArrays(network) }),
      ];
  }
}
