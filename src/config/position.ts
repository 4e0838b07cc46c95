/** Line and column of a UTF-16 offset, both from 1. A line ends with \n, \r\n or \r, as in an editor. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  const end = Math.max(0, Math.min(offset, text.length));
  let line = 1;
  let lineStart = 0;
  for (let i = 0; i < end; i++) {
    const character = text[i];
    // Within \r\n the line ends after the \n.
    if (character === "\n" || (character === "\r" && text[i + 1] !== "\n")) {
      line++;
      lineStart = i + 1;
    }
  }
  return { line, column: end - lineStart + 1 };
}
