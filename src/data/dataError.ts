/** Something wrong with a data file. The message is one sentence for the user: what, where, what to do. */
export class DataError extends Error {
  override readonly name = "DataError";
}
