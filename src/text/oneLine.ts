/** Text of a file on one line: control characters would tear a message or a table apart. */
export function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- they are what it is about
  return text.replace(/[\u0000-\u001f\u007f\u0085\u009b\u2028\u2029]+/g, " ");
}
