/** What the first bytes of a file say it is, when it is no text. */

const signatures: [bytes: string, what: string][] = [
  ["504b0304", "a ZIP archive or an Excel workbook"],
  ["504b0506", "an empty ZIP archive"],
  ["d0cf11e0a1b11ae1", "an old Excel workbook"],
  ["89504e470d0a1a0a", "a PNG image"],
  ["ffd8ff", "a JPEG image"],
  ["47494638", "a GIF image"],
  ["50415231", "a Parquet file"],
  ["1f8b", "gzip-compressed data"],
  ["425a68", "bzip2-compressed data"],
  ["fd377a585a00", "xz-compressed data"],
  ["28b52ffd", "Zstandard-compressed data"],
  ["377abcaf271c", "a 7-Zip archive"],
  ["25504446", "a PDF document"],
  ["894844460d0a1a0a", "an HDF5 file"],
  ["934e554d5059", "a NumPy array"],
  ["4152524f5731", "an Arrow file"],
  ["53514c69746520666f726d6174203300", "an SQLite database"],
  ["fffe0000", "UTF-32 text"],
  ["0000feff", "UTF-32 text"],
];

/** "a PNG image", or null when the bytes may be text. */
export function binaryKind(head: Uint8Array): string | null {
  let hex = "";
  for (const byte of head.subarray(0, 16)) hex += byte.toString(16).padStart(2, "0");
  return signatures.find(([bytes]) => hex.startsWith(bytes))?.[1] ?? null;
}

export type TextEncoding = "utf-8" | "utf-16le" | "utf-16be";

/** The encoding of text, and the length of its byte order mark. */
export function textEncoding(head: Uint8Array): { encoding: TextEncoding; mark: number } {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: "utf-8", mark: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: "utf-16le", mark: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: "utf-16be", mark: 2 };
  return { encoding: unmarkedEncoding(head), mark: 0 };
}

/** Without a mark, UTF-16 of mostly Latin letters shows in its zeros: every second byte. */
function unmarkedEncoding(head: Uint8Array): TextEncoding {
  const pairs = Math.min(head.length, 512) >> 1;
  if (pairs < 4) return "utf-8";
  let [even, odd] = [0, 0];
  for (let pair = 0; pair < pairs; pair++) {
    if (head[2 * pair] === 0) even++;
    if (head[2 * pair + 1] === 0) odd++;
  }
  if (even === 0 && odd > 0.7 * pairs) return "utf-16le";
  if (odd === 0 && even > 0.7 * pairs) return "utf-16be";
  return "utf-8";
}
