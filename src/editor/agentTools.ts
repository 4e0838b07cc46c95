/** Tools for chat agents in the editor: train a run config, read how a run went, change a run config. */
import path from "node:path";
import * as vscode from "vscode";
import { runConfigLanguage } from "../config/files";
import { agentToolNames } from "./contributed";
import type { CurrentRun } from "./currentRun";
import { fileExists, openDocument, showDocument } from "./documents";
import { editFor } from "./applyAdvice";
import type { LiveRuns, LiveSource } from "./liveRuns";
import { isFinished, type RunSource } from "./runSource";
import type { TrainNetwork } from "./trainNetwork";

export interface AgentServices {
  liveRuns: LiveRuns;
  current: CurrentRun;
  train: TrainNetwork;
}

interface ConfigInput {
  /** Path of a run config, in the workspace. */
  config: string;
}
interface RunInput {
  /** A run's id; absent: the latest run of `config`, else the current one. */
  run?: string;
  config?: string;
}
interface ChangeInput extends ConfigInput {
  changes: { key: string; value: unknown }[];
  reason?: string;
}

/** What an agent is told instead of a result. One sentence that says what it can do. */
class Refusal extends Error {}

/** Registers the tools where the editor knows tools. */
export function registerAgentTools(services: AgentServices): vscode.Disposable {
  // Editors before 1.95, and some that are built from the same sources, have none.
  const { lm } = vscode as { lm?: Partial<typeof vscode.lm> };
  if (typeof lm?.registerTool !== "function") return { dispose: () => undefined };
  const register = lm.registerTool.bind(lm);
  return vscode.Disposable.from(
    register(agentToolNames.train, trainTool(services)),
    register(agentToolNames.readRun, readTool(services)),
    register(agentToolNames.changeConfig, changeTool()),
  );
}

function trainTool({ liveRuns, train }: AgentServices): vscode.LanguageModelTool<ConfigInput> {
  return {
    prepareInvocation: ({ input }) => ({
      invocationMessage: `Training ${input.config}`,
      confirmationMessages: {
        title: "Train a network",
        message: `Train \`${input.config}\`? It computes on this machine and keeps its result in .downhill/runs.`,
      },
    }),
    invoke: ({ input }, token) =>
      answer(async () => {
        const configFile = await configIn(input.config);
        const before = liveRuns.ofConfig(configFile);
        if (before && !isFinished(before)) throw new Refusal(`${input.config} is being trained already.`);
        await train.trainConfig(configFile);
        const run = liveRuns.ofConfig(configFile);
        if (!run || run === before)
          throw new Refusal(
            `${input.config} could not be trained: it has a problem; see the Problems panel.`,
          );
        const runs = liveRuns.startedWith(run);
        await Promise.all(runs.map((one) => ended(one, token)));
        const reports = await Promise.all(runs.map((one) => reportOf(one)));
        return reports.length === 1 ? reports[0] : { runs: reports };
      }),
  };
}

function readTool({ current }: AgentServices): vscode.LanguageModelTool<RunInput> {
  return {
    prepareInvocation: () => ({ invocationMessage: "Reading a run" }),
    invoke: ({ input }) =>
      answer(async () => {
        const named = input.run ?? (input.config && vscode.Uri.file(await configIn(input.config)));
        const run = named ? await current.named(named) : current.run();
        if (!run) throw new Refusal("There is no such run; train a run config first.");
        return reportOf(run);
      }),
  };
}

function changeTool(): vscode.LanguageModelTool<ChangeInput> {
  return {
    prepareInvocation: ({ input }) => ({
      invocationMessage: `Changing ${input.config}`,
      confirmationMessages: {
        title: "Change a run config",
        message: new vscode.MarkdownString(
          `Write into \`${input.config}\`:\n\n${changesText(input)}${input.reason === undefined ? "" : `\n\n${input.reason}`}`,
        ),
      },
    }),
    invoke: ({ input }) =>
      answer(async () => {
        const document = await openDocument(await configIn(input.config));
        const changes = input.changes.map(({ key, value }) => ({
          path: key.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
          value: value === null ? undefined : value,
        }));
        const edit = await editFor(document, { label: "", changes });
        if (!edit) return { changed: false, text: document.getText() };
        await vscode.workspace.applyEdit(edit);
        await showDocument(document);
        return { changed: true, text: document.getText() };
      }),
  };
}

function changesText({ changes }: ChangeInput): string {
  return changes.map(({ key, value }) => `- \`${key}\`: \`${JSON.stringify(value)}\``).join("\n");
}

/** A run config of the workspace, as an absolute path. */
async function configIn(name: string): Promise<string> {
  if (!vscode.workspace.isTrusted)
    throw new Refusal(
      "This workspace is not trusted, so Downhill's tools do nothing in it; the user can trust it first.",
    );
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  for (const folder of folders) {
    const file = path.resolve(folder, name);
    const outside = path.relative(folder, file);
    if (outside.startsWith("..") || path.isAbsolute(outside) || !(await fileExists(file))) continue;
    if (runConfigLanguage(file) === null)
      throw new Refusal(`${name} is no run config; its name must end in .train.json or .train.yaml.`);
    return file;
  }
  throw new Refusal(`There is no ${name} in this workspace.`);
}

/** Waits for the end of a run; when the agent is stopped, so is the run. */
async function ended(run: LiveSource, token: vscode.CancellationToken): Promise<void> {
  await new Promise<void>((resolve) => {
    const look = () => {
      if (!isFinished(run)) return;
      unsubscribe();
      cancelled.dispose();
      resolve();
    };
    const unsubscribe = run.onDelta(look);
    const cancelled = token.onCancellationRequested(() => run.send({ type: "stop" }));
    look();
  });
}

async function reportOf(run: RunSource): Promise<unknown> {
  const { runReport } = await import("./onDemand");
  return runReport(await run.load());
}

/** An agent is told what went wrong, in the words that a user would read. */
async function answer(work: () => Promise<unknown>): Promise<vscode.LanguageModelToolResult> {
  let value: unknown;
  try {
    value = await work();
  } catch (error) {
    value = { error: error instanceof Error ? error.message : String(error) };
  }
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(JSON.stringify(value))]);
}
