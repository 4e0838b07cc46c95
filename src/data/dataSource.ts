/** The bytes of a data file: in their order for text, any part of them for a format with an index. */
export interface DataSource {
  /** In bytes. */
  readonly size: number;
  /** All bytes once, from the first; a chunk may be overwritten when the next is asked for. */
  chunks(): AsyncIterable<Uint8Array>;
  /** The bytes from `from` up to, not with, `to`, both in [0, size]. */
  slice(from: number, to: number): Promise<ArrayBuffer>;
}
