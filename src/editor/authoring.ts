import * as vscode from "vscode";
import { registerConfigFeatures } from "./configFeatures";
import type { ConfigProblems } from "./configProblems";
import type { CurrentRun } from "./currentRun";
import type { DataDescriptions } from "./dataDescriptions";
import { registerDataFeatures } from "./dataFeatures";
import { registerInlayHints } from "./inlayHints";
import type { LiveRuns } from "./liveRuns";
import { registerQuickFixes } from "./quickFixes";
import type { StoredRuns } from "./storedRuns";
import { registerYamlCompletions } from "./yamlCompletions";

export interface AuthoringServices {
  liveRuns: LiveRuns;
  storedRuns: StoredRuns;
  current: CurrentRun;
  problems: ConfigProblems;
  descriptions: DataDescriptions;
}

/** All that helps to write a run config; its problems have a class of their own. */
export function registerAuthoring(services: AuthoringServices): vscode.Disposable {
  const { liveRuns, storedRuns, current, problems, descriptions } = services;
  return vscode.Disposable.from(
    registerConfigFeatures(liveRuns, storedRuns, current),
    registerDataFeatures(descriptions),
    registerQuickFixes(problems, descriptions),
    registerInlayHints(descriptions),
    registerYamlCompletions(),
  );
}
