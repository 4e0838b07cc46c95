import type { Comparison, ToComparison } from "../protocol/comparison";
import { PROTOCOL_VERSION } from "../protocol/run";
import type { RunSnapshot } from "../protocol/webview";
import { comparisonLabels } from "./comparisonLabels";
import { showError } from "./errors";
import { ownArrays } from "./mergeDeltas";
import { isFinished, type RunSource } from "./runSource";

/** Milliseconds between two pictures of runs that go on: each is whole, so that large ones are fewer. */
const shortest = 150;
const longest = 1000;
/** So many numbers may be sent a second. */
const numbersPerSecond = 250_000;

/** Sends a comparison when its page asks for it, and again while a run of it goes on. */
export class ComparisonFeed {
  private subscriptions: (() => void)[] = [];
  private timer: NodeJS.Timeout | undefined;
  private loaded = false;
  private interval = shortest;
  /** What is stored does not change: it is read once. */
  private readonly stored = new Map<string, Promise<RunSnapshot>>();

  /** @param name of the run config that stands for the runs, if there is one */
  constructor(
    private runs: readonly RunSource[],
    private readonly name: string | null,
    private readonly post: (message: ToComparison) => void,
  ) {
    this.listen();
  }

  has(id: string): boolean {
    return this.runs.some((run) => run.id === id);
  }

  /** Shows other runs. */
  show(runs: readonly RunSource[]): void {
    this.runs = runs;
    this.stored.clear();
    this.listen();
    if (this.loaded) this.send();
  }

  /** The page has loaded and knows nothing. */
  ready(): void {
    this.loaded = true;
    this.send();
  }

  hidden(): void {
    this.loaded = false;
  }

  /** Stops the runs that go on. */
  stop(): void {
    for (const run of this.runs) if (!isFinished(run)) run.send?.({ type: "stop" });
  }

  dispose(): void {
    this.loaded = false;
    clearTimeout(this.timer);
    for (const unsubscribe of this.subscriptions) unsubscribe();
  }

  private listen(): void {
    for (const unsubscribe of this.subscriptions) unsubscribe();
    this.subscriptions = this.runs.flatMap((run) => run.onDelta?.(() => this.later()) ?? []);
  }

  private later(): void {
    if (!this.loaded) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      if (this.loaded) this.send();
    }, this.interval);
  }

  private send(): void {
    const { runs } = this;
    void this.comparison().then(
      (comparison) => {
        // Others may be shown by now.
        if (runs !== this.runs) return;
        const numbers = comparison.runs.reduce(
          (sum, { snapshot }) => sum + 4 * snapshot.steps.step.length,
          0,
        );
        this.interval = Math.min(longest, Math.max(shortest, (1000 * numbers) / numbersPerSecond));
        this.post({ type: "comparison", version: PROTOCOL_VERSION, comparison });
      },
      (error: unknown) => showError(error, "read the runs that are compared"),
    );
  }

  private async comparison(): Promise<Comparison> {
    const { varyingKeys } = await import("./onDemand");
    const known = this.runs.map(({ settings }) => settings ?? {});
    // Where a run's own settings are not known yet, nothing can be said to differ.
    const keys = this.runs.every(({ settings }) => settings) ? varyingKeys(known) : [];
    const labels = comparisonLabels(this.runs, keys);
    const runs = this.runs.map(async (run, i) => ({
      label: labels[i],
      settings: keys.map((key) => known[i][key] ?? null),
      snapshot: ownArrays(await this.load(run)),
    }));
    return { name: this.name, keys, runs: await Promise.all(runs) };
  }

  private async load(run: RunSource): Promise<RunSnapshot> {
    if (run.onDelta) return run.load();
    let snapshot = this.stored.get(run.id);
    if (!snapshot) {
      this.stored.set(run.id, (snapshot = Promise.resolve(run.load())));
      // What could not be read now is read again next time.
      snapshot.catch(() => this.stored.delete(run.id));
    }
    return snapshot;
  }
}
