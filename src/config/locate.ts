import type { ConfigLanguage } from "./files";
import { parseText } from "./text/parseText";
import type { Range, TextEntry, TextNode } from "./text/textTree";

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

/**
 * The value at a path of the text, for a remark about it; of a path that goes further than the text, what there is.
 * @returns its range, or null where not even the first key stands
 */
export function valueAt(
  text: string,
  language: ConfigLanguage,
  path: readonly (string | number)[],
): Range | null {
  let node: TextNode | undefined = parseText(text, language).root ?? undefined;
  let range: Range | null = null;
  for (const step of path) {
    if (node?.kind === "object") node = node.entries.find(({ key }) => key === step)?.value;
    else if (node?.kind === "list" && typeof step === "number") node = node.items[step];
    else break;
    if (!node) break;
    range = { start: node.start, end: node.end };
  }
  return range;
}

function contains(range: Range, offset: number): boolean {
  return range.start <= offset && offset < range.end;
}
