/** Bytes that are not what they should be. The message is one sentence for the user, without the file's name. */
export class FormatError extends Error {
  override readonly name = "FormatError";
}
