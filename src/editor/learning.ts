import * as vscode from "vscode";
import { AdviceProblems } from "./adviceProblems";
import { registerAgentTools } from "./agentTools";
import { registerApplyAdvice, type AdviceServices } from "./applyAdvice";
import { openDocs } from "./docs";
import { showError } from "./errors";
import { StarterFiles } from "./starterFiles";
import { followWalkthrough } from "./walkthrough";

/** Called by the walkthrough, whose links say what is opened. */
const openStarterCommand = "_downhill.openStarter";

/** What helps a person to understand their runs: advice, the walkthrough, the documents, and example files to try things on. */
export class Learning implements vscode.Disposable {
  readonly starter: StarterFiles;
  private readonly subscriptions: vscode.Disposable;

  constructor(
    private readonly context: Pick<
      vscode.ExtensionContext,
      "extension" | "extensionUri" | "globalStorageUri"
    >,
    services: AdviceServices,
  ) {
    this.starter = new StarterFiles(context.extensionUri, context.globalStorageUri);
    this.subscriptions = vscode.Disposable.from(
      registerApplyAdvice(services),
      registerAgentTools(services),
      new AdviceProblems(services.liveRuns),
      followWalkthrough(services.liveRuns),
      vscode.commands.registerCommand(openStarterCommand, async (name: unknown) => {
        try {
          await this.starter.open(String(name));
        } catch (error) {
          showError(error, "open the example");
        }
      }),
    );
  }

  openDocs(page: unknown): Promise<void> {
    return openDocs(this.context.extensionUri, page);
  }

  async openWalkthrough(): Promise<void> {
    const id = `${this.context.extension.id}#start`;
    await vscode.commands.executeCommand("workbench.action.openWalkthrough", id, false);
  }

  dispose(): void {
    this.subscriptions.dispose();
  }
}
