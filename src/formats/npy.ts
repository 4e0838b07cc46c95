/**
 * NumPy's format for one array: a magic number, a header in Python's notation, the numbers as they lie in memory, so that a reader may
 * map the file. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, version 1.0.
 */

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0];

/** The numbers begin at a multiple of it. */
const alignment = 64;

const byteOrder = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? "<" : ">";

/**
 * A .npy file of float32 in parts to be written one after the other; the numbers are not copied.
 *
 * @param values row-major, as many as the product of the shape. Throws a RangeError when they are not.
 */
export function npyParts(
  shape: readonly number[],
  values: Float32Array,
): [head: Uint8Array, data: Uint8Array] {
  if (shape.reduce((total, size) => total * size, 1) !== values.length) {
    throw new RangeError(`An array of shape [${shape.join(", ")}] cannot hold ${values.length} values`);
  }
  // Python writes a tuple of one with a comma.
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${byteOrder}f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  const size = Math.ceil((magic.length + 2 + text.length + 1) / alignment) * alignment;
  const head = new Uint8Array(size).fill(0x20);
  head.set(magic);
  new DataView(head.buffer).setUint16(magic.length, size - magic.length - 2, true);
  head.set(new TextEncoder().encode(text), magic.length + 2);
  head[size - 1] = 0x0a;
  return [head, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)];
}
