import type { ConfigLanguage } from "./files";
import { parseJson } from "./json";
import type { ParsedText } from "./textTree";
import { parseYaml } from "./yaml";

/** The text as a tree, whatever its language. Nesting that overflows the stack is a problem like any other. */
export function parseText(text: string, language: ConfigLanguage): ParsedText {
  try {
    return language === "json" ? parseJson(text) : parseYaml(text);
  } catch (cause) {
    const deep = cause instanceof RangeError;
    const message = deep
      ? "The run config is nested too deeply to be read."
      : `The run config cannot be read as ${language === "json" ? "JSON" : "YAML"}.`;
    const end = Math.min(1, text.length);
    return { root: null, problems: [{ message, severity: "error", start: 0, end, path: [], syntax: true }] };
  }
}
