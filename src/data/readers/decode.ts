import { DataError } from "../dataError";
import { binaryKind, textEncoding, type TextEncoding } from "./fileSignature";
import { digits } from "../wording";

/** So many bytes are looked at before the first are decoded. */
const headLength = 512;

/**
 * Decodes the bytes of a text file: UTF-8 with or without a byte order mark, or UTF-16. Characters that lie
 * across the edge of two chunks come out whole.
 *
 * @param file how messages call the file
 * @param isCut whether there were more bytes, so that half a character at the end is no fault
 * @throws DataError when the bytes are no text, saying what they look like
 */
export async function* decodeText(
  chunks: AsyncIterable<Uint8Array>,
  file = "The file",
  isCut: () => boolean = () => false,
): AsyncGenerator<string, void, undefined> {
  let decoder: TextChunks | null = null;
  let head: Uint8Array = new Uint8Array(0);
  for await (const chunk of chunks) {
    if (decoder === null) {
      head = joined(head, chunk);
      if (head.length < headLength) continue;
      decoder = new TextChunks(head, file);
      yield decoder.decode(head.subarray(decoder.mark));
    } else {
      yield decoder.decode(chunk);
    }
  }
  decoder ??= new TextChunks(head, file);
  // A short file was not decoded yet.
  if (head.length < headLength) yield decoder.decode(head.subarray(decoder.mark));
  if (!isCut()) decoder.end();
}

/**
 * Decodes chunk after chunk, each cut after its last whole character: that keeps the decoder on its fast
 * path, which it leaves when asked to remember half a character.
 */
class TextChunks {
  readonly mark: number;
  private readonly encoding: TextEncoding;
  private readonly decoder: TextDecoder;
  private rest: Uint8Array = new Uint8Array(0);
  private linesBefore = 0;

  constructor(
    head: Uint8Array,
    private readonly file: string,
  ) {
    const kind = binaryKind(head);
    if (kind !== null) {
      throw new DataError(
        `${file} is not text but looks like ${kind}; open or export it as UTF-8 text first.`,
      );
    }
    const { encoding, mark } = textEncoding(head);
    this.encoding = encoding;
    this.mark = mark;
    this.decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  }

  decode(chunk: Uint8Array): string {
    const bytes = this.rest.length > 0 ? joined(this.rest, chunk) : chunk;
    const whole = this.encoding === "utf-8" ? wholeUtf8(bytes) : wholeUtf16(bytes, this.encoding);
    // The chunk's buffer may be used again by whoever made it.
    this.rest = bytes.slice(whole);
    return this.decodeWhole(bytes.subarray(0, whole));
  }

  end(): void {
    if (this.rest.length > 0) this.refuse(this.rest);
  }

  private decodeWhole(bytes: Uint8Array): string {
    let text: string;
    try {
      text = this.decoder.decode(bytes);
    } catch {
      return this.refuse(bytes);
    }
    const zero = text.indexOf("\0");
    if (zero >= 0) {
      const line = this.linesBefore + text.slice(0, zero).split("\n").length;
      throw new DataError(
        `${this.file} is not text: it has a NUL byte in line ${digits(line)}; open or export it as UTF-8 text first.`,
      );
    }
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.linesBefore++;
    return text;
  }

  private refuse(bytes: Uint8Array): never {
    if (this.encoding !== "utf-8") {
      throw new DataError(`${this.file} starts as UTF-16 text but is not valid UTF-16; save it as UTF-8.`);
    }
    // Text of any encoding has few control characters; what has them is no text that could be saved as UTF-8.
    if (bytes.some((byte) => byte < 9 || (byte > 13 && byte < 32))) {
      throw new DataError(`${this.file} is not text but binary data; open or export it as UTF-8 text first.`);
    }
    const at = firstInvalidByte(bytes);
    let line = this.linesBefore + 1;
    for (const byte of bytes.subarray(0, at)) if (byte === 10) line++;
    const value = bytes[at].toString(16).toUpperCase().padStart(2, "0");
    const latin = new TextDecoder("windows-1252").decode(bytes.subarray(at, at + 1));
    const guess = /[\p{L}\p{S}\p{P}]/u.test(latin)
      ? `it is probably Latin-1 (Windows-1252), where that is "${latin}"; save it as UTF-8.`
      : "it may be damaged or no text at all; save it as UTF-8.";
    throw new DataError(`${this.file} is not UTF-8: line ${digits(line)} has the byte 0x${value}; ${guess}`);
  }
}

/** The length of `bytes` without a UTF-8 character that is not complete yet. */
function wholeUtf8(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back];
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}

/** The same for UTF-16: neither half a unit nor the first half of a surrogate pair. */
function wholeUtf16(bytes: Uint8Array, encoding: "utf-16le" | "utf-16be"): number {
  const even = bytes.length & ~1;
  if (even === 0) return 0;
  const high = bytes[encoding === "utf-16le" ? even - 1 : even - 2];
  return high >= 0xd8 && high <= 0xdb ? even - 2 : even;
}

function firstInvalidByte(bytes: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const isValid = (length: number): boolean => {
    try {
      decoder.decode(bytes.subarray(0, wholeUtf8(bytes.subarray(0, length))));
      return true;
    } catch {
      return false;
    }
  };
  // The longest valid beginning, by bisection: validity of beginnings never comes back once lost.
  let [valid, invalid] = [0, bytes.length];
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (isValid(middle)) valid = middle;
    else invalid = middle;
  }
  return wholeUtf8(bytes.subarray(0, valid));
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
