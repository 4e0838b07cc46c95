import type { ConfigLanguage } from "./files";
import { parseText } from "./parseText";
import type { Range, TextEntry, TextNode } from "./textTree";

/**
 * The key at an offset of the text, for a hover.
 * @returns its path and range, or null where no key stands
 */
export function keyAt(
  text: string,
  language: ConfigLanguage,
  offset: number,
): { path: (string | number)[]; start: number; end: number } | null {
  const { root } = parseText(text, language);
  const path: (string | number)[] = [];
  let node: TextNode | undefined = root ?? undefined;
  while (node) {
    if (node.kind === "list") {
      const index: number = node.items.findIndex((item) => contains(item, offset));
      node = node.items[index];
      path.push(index);
    } else if (node.kind === "object") {
      const entry: TextEntry | undefined = node.entries.find(
        ({ keyRange, value }) => contains(keyRange, offset) || contains(value, offset),
      );
      if (!entry) return null;
      path.push(entry.key);
      if (contains(entry.keyRange, offset)) return { path, ...entry.keyRange };
      node = entry.value;
    } else return null;
  }
  return null;
}

function contains(range: Range, offset: number): boolean {
  return range.start <= offset && offset < range.end;
}
