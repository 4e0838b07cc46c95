import * as vscode from "vscode";
import { activeDocument } from "./documents";
import type { LiveRuns, LiveSource } from "./liveRuns";
import type { Panels } from "./panels";
import { isFinished, type RunSource } from "./runSource";
import type { StoredRuns } from "./storedRuns";

/** Which run a command is about. */
export class CurrentRun {
  constructor(
    private readonly liveRuns: LiveRuns,
    private readonly storedRuns: StoredRuns,
    private readonly panels: Panels,
  ) {}

  /** Without an argument: the run of the focused charts, else of the active run config, else the active run. */
  run(): RunSource | null {
    const document = activeDocument();
    return (
      this.panels.focused ??
      (document?.scheme === "file" ? this.latestOf(document.path) : undefined) ??
      this.liveRuns.active ??
      this.liveRuns.all.at(-1) ??
      null
    );
  }

  /**
   * What a command was called with: a run's id, an item of the list (of a run config: its latest run), or a run
   * config's address; undefined when it was called with nothing that names a run.
   */
  async named(argument: unknown): Promise<RunSource | undefined> {
    if (typeof argument === "string") return this.byId(argument);
    if (argument instanceof vscode.Uri) {
      await this.storedRuns.ready();
      return this.latestOf(argument.fsPath);
    }
    const configFile = configFileOf(argument);
    if (configFile !== null) return this.latestOf(configFile);
    const id =
      typeof argument === "object" && argument !== null ? (argument as { id?: unknown }).id : undefined;
    return typeof id === "string" ? this.byId(id) : undefined;
  }

  async byId(id: string): Promise<RunSource | undefined> {
    const live = this.liveRuns.all.find((run) => run.id === id);
    if (live) return live;
    await this.storedRuns.ready();
    return this.storedRuns.runs.find((run) => run.id === id);
  }

  /** The unfinished run that pause, stop and the like are about. */
  async unfinished(argument: unknown): Promise<LiveSource | undefined> {
    const { unfinished } = this.liveRuns;
    const run = argument === undefined ? this.run() : await this.named(argument);
    const live = unfinished.find((candidate) => candidate.id === run?.id);
    // The current run may have ended while another goes on: then there is no doubt which one is meant.
    return live ?? (argument === undefined && unfinished.length === 1 ? unfinished[0] : undefined);
  }

  private latestOf(configFile: string): RunSource | undefined {
    const live = this.liveRuns.ofConfig(configFile);
    const stored = this.storedRuns.runs.find((run) => run.configFile === configFile);
    if (live && (!isFinished(live) || !stored || live.startedAt >= stored.startedAt)) return live;
    return live && stored?.id === live.id ? live : stored;
  }
}

/** The run config that an item of the list stands for; null for any other argument of a command. */
export function configFileOf(argument: unknown): string | null {
  if (typeof argument !== "object" || argument === null) return null;
  const { kind, configFile } = argument as { kind?: unknown; configFile?: unknown };
  return kind === "config" && typeof configFile === "string" ? configFile : null;
}
