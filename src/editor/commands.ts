import * as vscode from "vscode";
import type { CommandId } from "./contributed";
import { showError } from "./errors";

export interface Command {
  /** Completes "Downhill could not …". */
  doing: string;
  run(...args: unknown[]): unknown;
}

export type CommandTable = Record<CommandId, Command>;

/** Registers every command; whatever one throws or rejects with is shown. */
export function registerCommands(table: CommandTable): vscode.Disposable {
  const registered = Object.entries(table).map(([id, command]) =>
    vscode.commands.registerCommand(id, async (...args: unknown[]) => {
      try {
        return await command.run(...args);
      } catch (error) {
        showError(error, command.doing);
        return undefined;
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}
