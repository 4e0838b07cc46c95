import * as vscode from "vscode";
import { ask, UserError } from "./errors";
import type { LiveRuns } from "./liveRuns";
import type { Panels } from "./panels";
import { isFinished, type RunSource } from "./runSource";
import type { StoredRuns } from "./storedRuns";

/** Ids of the runs that were not to be resumed, so that they are not offered again. */
const declinedKey = "downhill.declinedRuns";
const mostDeclined = 100;

/** Milliseconds after the start at which one looks for runs that were cut off. */
const looks = [3_000, 10_000, 30_000];

/** The command "Resume Run": a run that was cut off or stopped goes on from its last checkpoint. */
export class ResumeRun {
  private readonly offered = new Set<string>();

  constructor(
    private readonly liveRuns: LiveRuns,
    private readonly storedRuns: StoredRuns,
    private readonly panels: Panels,
  ) {}

  async run(source: RunSource): Promise<void> {
    if (!isFinished(source))
      throw new UserError(`${source.name} is being trained already.`, [], "information");
    if (!source.resumable)
      throw new UserError(
        `The run ${source.name} cannot go on: it has ended, or keeps no checkpoint.`,
        [],
        "information",
      );
    const run = await this.liveRuns.resume(source);
    // One that is refused (its data have changed) says so, and its charts stay as they are.
    if (await begun(run)) this.panels.open(run, { preview: false, preserveFocus: true });
  }

  /** Chooses among the runs that can go on. */
  async choose(): Promise<RunSource | undefined> {
    await this.storedRuns.ready();
    const runs = this.storedRuns.runs.filter(({ resumable }) => resumable);
    if (runs.length === 0)
      throw new UserError("There is no run that was cut off or stopped.", [], "information");
    const items = runs.map((run) => ({
      label: run.name,
      description: new Date(run.startedAt).toLocaleString(),
      detail: run.result?.message,
      run,
    }));
    const options = { title: "Resume Run", placeHolder: "Choose a run to go on with" };
    return (await vscode.window.showQuickPick(items, options))?.run;
  }

  /**
   * Offers to go on with the runs that were going on when the editor was closed, each once. The processes of a window that
   * was closed live on for a while, so one looks more than once.
   */
  offerSoon(memory: vscode.Memento): vscode.Disposable {
    const look = (): void => {
      this.offer(memory);
    };
    const subscription = this.storedRuns.onDidChange(look);
    const timers: NodeJS.Timeout[] = [];
    for (const wait of looks) timers.push(setTimeout(() => this.storedRuns.refresh(), wait));
    const last = looks[looks.length - 1] + 10_000;
    timers.push(setTimeout(() => void subscription.dispose(), last));
    return {
      dispose() {
        subscription.dispose();
        for (const timer of timers) clearTimeout(timer);
      },
    };
  }

  private offer(memory: vscode.Memento): void {
    const declined = memory.get<string[]>(declinedKey, []);
    const runs = cutOff(this.storedRuns.runs).filter(
      ({ id }) =>
        !declined.includes(id) && !this.offered.has(id) && !this.liveRuns.all.some((live) => live.id === id),
    );
    if (runs.length === 0) return;
    for (const { id } of runs) this.offered.add(id);
    const names = runs.map(({ name }) => name).join(", ");
    const message =
      runs.length === 1
        ? `The run ${names} was cut off; it can go on from its last checkpoint.`
        : `${runs.length} runs were cut off (${names}); they can go on from their last checkpoints.`;
    ask("information", message, [
      {
        label: "Resume",
        run: () => Promise.all(runs.map((run) => this.run(run))),
      },
      {
        label: "Not Now",
        run: () =>
          memory.update(declinedKey, [...runs.map(({ id }) => id), ...declined].slice(0, mostDeclined)),
      },
    ]);
  }
}

/** Runs that were going on when their process ended, and after which their config was not trained again. */
function cutOff(newestFirst: readonly RunSource[]): RunSource[] {
  const newest = new Map<string, RunSource>();
  for (const run of newestFirst) if (!newest.has(run.configFile)) newest.set(run.configFile, run);
  return [...newest.values()].filter(({ status, resumable }) => status === "interrupted" && resumable);
}

/** Resolves when a run makes steps, or has ended before: then false. */
function begun(run: RunSource): Promise<boolean> {
  return new Promise((resolve) => {
    const look = (): boolean => {
      if (run.status === "loading") return false;
      resolve(!isFinished(run) || run.result?.status !== "failed");
      return true;
    };
    if (look()) return;
    const stop = run.onDelta?.(() => {
      if (look()) stop?.();
    });
  });
}
