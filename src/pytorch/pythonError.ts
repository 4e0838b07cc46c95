/** PyTorch could not be started, or did not go on. The message is one sentence for the user. */
export class PythonError extends Error {
  override readonly name = "PythonError";
}
