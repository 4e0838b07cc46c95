import type { ConfigLanguage } from "../files";
import { parseJson } from "./json";
import type { ParsedText } from "./textTree";
import { parseYaml } from "./yaml";

/** A longer text is no run config but, for example, a data set whose file happens to end in .train.json. */
const maximumLength = 1_000_000;

/** The text as a tree, whatever its language. Nesting that overflows the stack is a problem like any other. */
export function parseText(text: string, language: ConfigLanguage): ParsedText {
  if (text.length > maximumLength) {
    return unreadable("This is too long for a run config, which names its data rather than holding it.");
  }
  try {
    return language === "json" ? parseJson(text) : parseYaml(text);
  } catch (cause) {
    const deep = cause instanceof RangeError;
    const message = deep
      ? "The run config is nested too deeply to be read."
      : `The run config cannot be read as ${language === "json" ? "JSON" : "YAML"}.`;
    return unreadable(message);
  }
}

function unreadable(message: string): ParsedText {
  return { root: null, problems: [{ message, severity: "error", start: 0, end: 1, path: [] }] };
}
