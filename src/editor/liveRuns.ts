import path from "node:path";
import type { MessagePort } from "node:worker_threads";
import * as vscode from "vscode";
import type { AdviceItem } from "../protocol/advice";
import type { BranchedFrom, Progress, AnyDescription, RunResult, RunStatus } from "../protocol/run";
import type { RunVariant } from "../config/variants";
import type { PartOfComparison } from "../protocol/comparison";
import type { BranchPoint, RunCommand, StartRun } from "../protocol/worker";
import type { RunDelta, RunSnapshot } from "../protocol/webview";
import type { LiveRun } from "../run/liveRun";
import { isResumable } from "../run/resumable";
import type { RunQueue } from "../run/runQueue";
import type { Trainer } from "../run/trainer";
import { knownPythons } from "./knownPythons";
import { isFinished, type RunEntry, type RunSource } from "./runSource";

/** A run of this window: going on, or ended and still in memory. */
export class LiveSource implements RunSource {
  constructor(
    private readonly run: LiveRun,
    readonly folder: string,
  ) {
    run.onDelta(({ loading, progress }) => {
      if (loading !== undefined) this.latest.loading = loading;
      if (progress) this.latest.progress = progress;
    });
  }

  get id(): string {
    return this.run.id;
  }
  get name(): string {
    return this.run.name;
  }
  get configFile(): string {
    return this.run.configFile;
  }
  get startedAt(): number {
    return this.run.startedAt;
  }
  get status(): RunStatus {
    return this.run.status;
  }
  get result(): RunResult | null {
    return this.run.result;
  }
  get branchedFrom(): BranchedFrom | undefined {
    return this.run.description?.branchedFrom;
  }
  get description(): AnyDescription | null {
    return this.run.description;
  }
  get configText(): string | null {
    return this.run.configText;
  }
  get advice(): readonly AdviceItem[] {
    return this.run.advice;
  }
  get comparison(): PartOfComparison | undefined {
    return this.run.comparison;
  }
  get resumable(): boolean {
    const { description, status } = this;
    return isResumable(status) && !!description && description.folder !== null;
  }

  /** The same run as its folder tells of it: its settings, and what the user noted about it. */
  kept: RunEntry | null = null;

  get settings(): RunEntry["settings"] {
    return this.kept?.settings;
  }
  get title(): string | undefined {
    return this.kept?.title;
  }
  get pinned(): boolean {
    return this.kept?.pinned ?? false;
  }

  /** Where the run is now, followed from its deltas: cheaper than a snapshot, which copies the history. */
  readonly latest: { loading: string | null; progress: Progress | null } = { loading: null, progress: null };

  load(): RunSnapshot {
    return this.run.snapshot();
  }
  onDelta(listener: (delta: RunDelta) => void): () => void {
    return this.run.onDelta(listener);
  }
  send(command: RunCommand): void {
    this.run.send(command);
  }
  connect(): MessagePort | null {
    return this.run.connect();
  }

  /** Stops the run and resolves when it has ended; one that does not obey is ended by force. */
  async end(patience = 2000): Promise<void> {
    if (isFinished(this)) return;
    this.send({ type: "stop" });
    const deadline = Date.now() + patience;
    while (!isFinished(this) && Date.now() < deadline) await delay(20);
    if (!isFinished(this)) await this.run.terminate();
  }

  terminate(): Promise<void> {
    return this.run.terminate();
  }
}

export interface RunStart {
  name: string;
  configFile: string;
  configText: string;
  /** The files that the config names must lie in it; the run is kept in its `.downhill/runs`. */
  workspaceFolder: string;
  /** Where it branches off. */
  branch?: BranchPoint;
}

/** The runs of this window, at most one of each run config (or of each that it stands for), and which of them is the active one. */
export class LiveRuns implements vscode.Disposable {
  private readonly latest = new Map<string, LiveSource>();
  private current: RunSource | null = null;

  private readonly changes = new vscode.EventEmitter<void>();
  private readonly deltas = new vscode.EventEmitter<{ run: LiveSource; delta: RunDelta }>();
  private readonly starts = new vscode.EventEmitter<LiveSource>();
  private readonly ends = new vscode.EventEmitter<LiveSource>();

  /** A run began, paused, went on or ended; or another run became the active one. */
  readonly onDidChange = this.changes.event;
  readonly onDidReport = this.deltas.event;
  readonly onDidStart = this.starts.event;
  readonly onDidEnd = this.ends.event;

  /** @param workerFile the bundle of worker.ts */
  constructor(readonly workerFile: string) {}

  get all(): LiveSource[] {
    return [...this.latest.values()];
  }
  get unfinished(): LiveSource[] {
    return this.all.filter((run) => !isFinished(run));
  }
  /** The latest run of a run config: of several that it stands for, rather one that goes on. */
  ofConfig(configFile: string): LiveSource | undefined {
    const runs = this.allOfConfig(configFile);
    return runs.find((run) => !isFinished(run)) ?? runs.at(-1);
  }
  allOfConfig(configFile: string): LiveSource[] {
    return this.all.filter((run) => run.configFile === configFile);
  }
  /** The runs that were started together with one, itself among them. */
  startedWith(run: LiveSource): LiveSource[] {
    const { comparison } = run;
    return comparison ? this.all.filter((other) => other.comparison?.id === comparison.id) : [run];
  }

  /** The run that the side panel follows and that commands without an argument are about. */
  get active(): RunSource | null {
    return this.current;
  }
  activate(run: RunSource): void {
    if (this.current === run) return;
    this.current = run;
    this.changes.fire();
  }

  /** Starts a run in a worker thread and makes it the active one. The run config must not be running. */
  async start({ name, workspaceFolder, ...start }: RunStart): Promise<LiveSource> {
    const { createRunId } = await import("./onDemand");
    const runsFolder = runsFolderOf(workspaceFolder);
    const id = createRunId(name, new Date());
    return this.launch(name, { id, workspaceFolder, runsFolder, ...start });
  }

  /** Starts runs that one run config stands for, of which so many go on at once as there are cores. None of them must be running. */
  async startSeveral(
    { configFile, workspaceFolder }: Omit<RunStart, "name" | "configText">,
    variants: readonly RunVariant[],
    chosen: (name: string) => boolean = () => true,
  ): Promise<LiveSource[]> {
    const { nameOfRun, startsOf, RunQueue } = await import("./onDemand");
    const queue = new RunQueue();
    const runsFolder = runsFolderOf(workspaceFolder);
    const runs: LiveSource[] = [];
    for (const start of startsOf(configFile, variants, new Date())) {
      if (!chosen(start.comparison.name)) continue;
      const name = nameOfRun({ configFile, comparison: start.comparison });
      runs.push(await this.launch(name, { ...start, configFile, workspaceFolder, runsFolder }, queue));
    }
    return runs;
  }

  /** Goes on with a kept run, in its own folder and by the config that it began with. */
  async resume(source: RunSource): Promise<LiveSource> {
    const { readAnyRunFile, placeOf } = await import("./onDemand");
    if (source.folder === null) throw new Error(`${source.name} is not kept.`);
    const kept = await readAnyRunFile(source.folder);
    const run = await this.launch(source.name, {
      id: path.basename(source.folder),
      configText: kept.configText,
      runsFolder: path.dirname(source.folder),
      resume: true,
      ...(kept.description.comparison && { comparison: kept.description.comparison }),
      ...placeOf(kept, source.folder),
    });
    const stop = run.onDelta(() => {
      if (run.status === "loading") return;
      stop();
      // It could not go on: its charts are those that are kept.
      if (run.description === null) {
        this.latest.delete(keyOf(run));
        if (this.current === run) this.current = source;
        this.changes.fire();
      }
    });
    return run;
  }

  private async launch(
    name: string,
    start: Omit<StartRun, "steps" | "trajectory" | "threads" | "python"> & { runsFolder: string },
    queue?: RunQueue,
  ): Promise<LiveSource> {
    const { startRun, LiveRun } = await import("./onDemand");
    const { id, configFile, configText, runsFolder, comparison } = start;
    const python = await knownPythons(configFile);
    // Nothing is waited for between this look and the run's taking its place: else two could start at once.
    const running = this.latest.get(keyOf(start));
    if (running && !isFinished(running)) throw new Error(`${name} is being trained already.`);
    const threads = vscode.workspace
      .getConfiguration("downhill", vscode.Uri.file(configFile))
      .get("threads", 0);
    const compute = (): Trainer =>
      startRun(
        {
          ...start,
          steps: "thinned",
          trajectory: true,
          health: true,
          threads: { threads, beforeConfig: false },
          ...(python ? { python } : {}),
        },
        this.workerFile,
      );
    const trainer = queue ? queue.add(compute) : compute();
    // Advice on one of several runs would have to go into its entry.
    const advised = comparison ? {} : { configText };
    const live = new LiveRun(trainer, { id, name, configFile, ...advised, comparison });
    const run = new LiveSource(live, path.join(runsFolder, id));
    for (const other of this.all) if (isReplacedBy(other, run)) this.latest.delete(keyOf(other));
    this.latest.set(keyOf(run), run);
    let status = run.status;
    run.onDelta((delta) => {
      this.deltas.fire({ run, delta });
      if (run.status === status) return;
      status = run.status;
      this.changes.fire();
      if (isFinished(run)) this.ends.fire(run);
    });
    this.current = run;
    this.starts.fire(run);
    this.changes.fire();
    return run;
  }

  /** Takes over what the folders of the runs tell of them. */
  remember(stored: readonly RunEntry[]): void {
    for (const run of this.latest.values()) run.kept = stored.find(({ id }) => id === run.id) ?? run.kept;
  }

  /** Forgets a finished run whose folder was deleted. */
  forget(id: string): void {
    for (const [configFile, run] of this.latest)
      if (run.id === id && isFinished(run)) this.latest.delete(configFile);
    if (this.current?.id === id) this.current = null;
    this.changes.fire();
  }

  /** Ends every worker at once. What the runs reached so far is in their folders. */
  async terminate(): Promise<void> {
    await Promise.all(this.unfinished.map((run) => run.terminate()));
  }

  dispose(): void {
    for (const emitter of [this.changes, this.deltas, this.starts, this.ends]) emitter.dispose();
  }
}

/** What a window has one run of: a run config, or one of the runs that it stands for. */
function keyOf({ configFile, comparison }: Pick<StartRun, "configFile" | "comparison">): string {
  return comparison ? `${configFile}\n${comparison.name}` : configFile;
}

/** A new run of a config takes the place of those before it, but for those that it is compared with. */
function isReplacedBy(other: LiveSource, run: LiveSource): boolean {
  const together = run.comparison && other.comparison && run.comparison.id === other.comparison.id;
  return other.configFile === run.configFile && isFinished(other) && !together;
}

export function runsFolderOf(workspaceFolder: string): string {
  return path.join(workspaceFolder, ".downhill", "runs");
}

/** VS Code's workspace folder of a run config; without one, the config's own folder. */
export function workspaceFolderOf(configFile: string): string {
  return (
    vscode.workspace.getWorkspaceFolder(vscode.Uri.file(configFile))?.uri.fsPath ?? path.dirname(configFile)
  );
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
