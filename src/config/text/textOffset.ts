import type { Range } from "./textTree";

/**
 * Where in the source a part of a text value stands, through the escapes of JSON and of quoted YAML and the folded
 * lines of YAML.
 *
 * @param source the whole text, of which `node` is a part
 * @param value what `node` means
 * @param part UTF-16 offsets into `value`; an empty part is the character after it, or the closing quote
 * @returns the whole node where the two do not fit together
 */
export function rangeWithin(source: string, node: Range, value: string, part: Range): Range {
  const offsets = offsetsOf(source, node, value);
  if (!offsets) return { start: node.start, end: node.end };
  const start = offsets[part.start];
  return { start, end: Math.min(part.end > part.start ? offsets[part.end] : start + 1, source.length) };
}

/** The offset of each character of the value, and of what follows the last one. */
function offsetsOf(source: string, { start, end }: Range, value: string): number[] | null {
  const first = source[start];
  const quote = first === '"' || first === "'" ? first : null;
  let at = start + (quote === null ? 0 : 1);
  // The header of a block, such as ">-", says how it is folded.
  if (first === ">" || first === "|") at = source.indexOf("\n", start) + 1;
  const offsets: number[] = [];
  for (let i = 0; i < value.length; i++) {
    if (source[at] !== value[i] || isSpace(source[at])) {
      // Line breaks and indentation are folded to less, and in the source there may be more.
      if (isSpace(value[i]) && isSpace(source[at])) {
        offsets.push(at);
        if (!isSpace(value[i + 1] ?? "")) while (at < end && isSpace(source[at])) at++;
        else at++;
        continue;
      }
      while (at < end && isSpace(source[at])) at++;
    }
    if (at >= end) return null;
    offsets.push(at);
    if (quote === '"' && source[at] === "\\") {
      const escape = /^\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|U[0-9a-fA-F]{8}|[^])/.exec(
        source.slice(at, at + 10),
      );
      at += escape?.[0].length ?? 1;
    } else if (quote === "'" && source[at] === "'") at += 2;
    else if (source[at] === value[i]) at++;
    else return null;
  }
  offsets.push(Math.min(at, end));
  return offsets;
}

function isSpace(character: string | undefined): boolean {
  return character !== undefined && character !== "" && /\s/.test(character);
}
