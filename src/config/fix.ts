/** What would repair a problem of a run config where more than one word must change. */
import { changeValues, type ValueChange } from "./edit";
import type { ConfigLanguage } from "./files";
import { parseText } from "./text/parseText";
import { nodeAt } from "./text/textTree";

type Path = readonly (string | number)[];

export interface Fix {
  /** What an editor calls it: 'Remove "epochs"'. */
  readonly title: string;
  /** One after the other; a value of undefined removes the key or the item. */
  readonly changes: readonly ValueChange[];
  /** It is none where something stands at this path already. */
  readonly absent?: Path;
}

/** Takes a key or an item of a list away. */
export function removal(path: Path, name: string): Fix {
  return { title: `Remove ${name}`, changes: [{ path: [...path], value: undefined }] };
}

export function change(path: Path, value: unknown): Fix {
  const key = path.join(".");
  return { title: `Set "${key}" to ${JSON.stringify(value)}`, changes: [{ path: [...path], value }] };
}

/** The text as it is when a problem has been repaired; null where it cannot be changed that way. */
export function fixed(text: string, language: ConfigLanguage, fix: Fix): string | null {
  try {
    if (fix.absent && nodeAt(parseText(text, language).root, fix.absent) !== null) return null;
    const changed = changeValues(text, language, fix.changes);
    return changed === text ? null : changed;
  } catch {
    return null;
  }
}
