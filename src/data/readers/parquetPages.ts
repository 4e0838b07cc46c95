/** A page is a megabyte as a rule; one that says it is larger than this is damaged. */
export const largestPage = 1 << 30;

type Decompress = (input: Uint8Array, outputLength: number) => Uint8Array;

/** A decompressor that looks at what it is told before it trusts it, and at checksums where there are some. */
export function checkedDecompressor(codec: string, decompress: Decompress): Decompress {
  return (input, outputLength) => {
    if (!(outputLength >= 0 && outputLength <= largestPage)) throw new Error("a page is too large");
    const output = decompress(input, outputLength);
    if (codec === "GZIP" && !isIntact(input, output)) throw new Error("a page has a wrong checksum");
    return output;
  };
}

const GZIP_TRAILER = 8;

/** A single member of gzip ends with the checksum and the length of what it holds. */
function isIntact(input: Uint8Array, output: Uint8Array): boolean {
  // Without its header it is a bare deflate stream, as some writers make it.
  if (input[0] !== 0x1f || input[1] !== 0x8b || input.length < GZIP_TRAILER) return true;
  const trailer = new DataView(input.buffer, input.byteOffset + input.length - GZIP_TRAILER, GZIP_TRAILER);
  return trailer.getUint32(4, true) !== output.length || trailer.getUint32(0, true) === crc32(output);
}

let tables: Uint32Array | null = null;

/** The checksum of gzip (ISO 3309), four bytes at a time. */
export function crc32(bytes: Uint8Array): number {
  tables ??= crcTables();
  const t = tables;
  let crc = -1;
  let at = 0;
  for (const end = bytes.length - 3; at < end; at += 4) {
    crc ^= bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    crc = t[768 + (crc & 255)] ^ t[512 + ((crc >>> 8) & 255)] ^ t[256 + ((crc >>> 16) & 255)] ^ t[crc >>> 24];
  }
  for (; at < bytes.length; at++) crc = t[(crc ^ bytes[at]) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** For each byte, what it does to the checksum when 0, 1, 2 or 3 bytes follow. */
function crcTables(): Uint32Array {
  const made = new Uint32Array(1024);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    made[byte] = crc;
  }
  for (let at = 256; at < 1024; at++) made[at] = made[made[at - 256] & 255] ^ (made[at - 256] >>> 8);
  return made;
}
