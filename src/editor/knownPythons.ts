import * as vscode from "vscode";

/** The part of the Python extension's interface that is used here: https://github.com/microsoft/vscode-python/wiki/Python-Environment-APIs */
interface PythonExtension {
  environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { path: string };
    resolveEnvironment(
      environment: unknown,
    ): Promise<{ executable: { uri: vscode.Uri | undefined } } | undefined>;
  };
}

/**
 * Python interpreters for a run config, the most wanted first: that of the setting, that which the Python extension has chosen.
 * Undefined in a workspace that is not trusted, where nothing may be run.
 */
export async function knownPythons(configFile: string): Promise<{ known: string[] } | undefined> {
  if (!vscode.workspace.isTrusted) return undefined;
  const uri = vscode.Uri.file(configFile);
  const configured = vscode.workspace.getConfiguration("downhill", uri).get("python", "").trim();
  // Whoever names one wants no other.
  const chosen = configured === "" ? await chosenInPythonExtension(uri).catch(() => undefined) : configured;
  return { known: chosen === undefined ? [] : [chosen] };
}

async function chosenInPythonExtension(uri: vscode.Uri): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<PythonExtension>("ms-python.python");
  if (!extension) return undefined;
  const { environments } = await extension.activate();
  if (!environments) return undefined;
  const environment = await environments.resolveEnvironment(environments.getActiveEnvironmentPath(uri));
  return environment?.executable.uri?.fsPath;
}
