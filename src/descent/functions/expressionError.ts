/** Something wrong in the text of an expression, and where. The message is one sentence for the user. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";

  /**
   * @param start UTF-16 offset into the expression; may be its length, where something is missing at the end
   * @param end exclusive
   * @param replacement what to write between `start` and `end` instead, where one repair is obvious
   */
  constructor(
    message: string,
    readonly start: number,
    readonly end: number,
    readonly replacement?: string,
  ) {
    super(message);
  }
}
