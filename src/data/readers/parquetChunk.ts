import type {
  ColumnMetaData,
  Compressors,
  PageHeader,
  ParquetType,
  SchemaTree,
} from "hyparquet/src/index.js";
import { checkedDecompressor, crc32, largestPage } from "./parquetPages";
import { checkRuns } from "./parquetRuns";
import { endOfStruct } from "./parquetThrift";

/** What of the library is needed to look at pages as it does. */
export interface PageLibrary {
  readonly compressors: Compressors;
  parquetHeader(reader: { view: DataView; offset: number }): PageHeader;
  deltaBinaryUnpack(
    reader: { view: DataView; offset: number },
    count: number,
    output: Int32Array | BigInt64Array,
  ): void;
}

/** A column of single values, or of lists of them, as the schema has it. */
export interface Leaf {
  readonly type: ParquetType;
  /** Bytes of a value of fixed length. */
  readonly typeLength: number;
  /** The level of a value that is there, and that of a value that goes on with a list. */
  readonly maxDefinition: number;
  readonly maxRepetition: number;
}

/** The only leaf of a column that is no nested one. */
export function leafOf(column: SchemaTree): Leaf {
  let [maxDefinition, maxRepetition] = [0, 0];
  let at = column;
  for (;;) {
    const { repetition_type } = at.element;
    if (repetition_type !== "REQUIRED") maxDefinition++;
    if (repetition_type === "REPEATED") maxRepetition++;
    if (at.children.length === 0) break;
    [at] = at.children;
  }
  const { type, type_length } = at.element;
  if (type === undefined) throw new Error("a column has no type");
  return { type, typeLength: type_length ?? 0, maxDefinition, maxRepetition };
}

interface Part {
  readonly encoding: string;
  readonly values: number;
  /** Of the second version, whose levels are not compressed. */
  readonly version2: boolean;
  readonly nulls: number;
}

const mostValues = 1 << 28;

/**
 * The pages of one column of a row group, looked at before hyparquet decodes them: it trusts every length and count
 * in them, so that a single wrong one could make it go on for hours or fill the memory.
 */
export class CheckedChunk {
  /** The decompressed pages that are still to be looked at, in the order in which the library will ask for them. */
  private readonly waiting: ((page: Uint8Array) => void)[] = [];
  private next = 0;

  /**
   * @param bytes of the chunk
   * @throws Error when something in it cannot be
   */
  constructor(
    private readonly bytes: Uint8Array,
    private readonly chunk: ColumnMetaData,
    private readonly leaf: Leaf,
    private readonly library: PageLibrary,
  ) {
    if (chunk.type !== leaf.type) throw new Error("a column has two types");
    this.walk();
  }

  /** For the library: looks at what comes out before it is decoded. */
  compressors(): Compressors {
    const { codec } = this.chunk;
    const decompress = this.library.compressors[codec];
    if (decompress === undefined) return {};
    const checked = checkedDecompressor(codec, decompress);
    return {
      [codec]: (input: Uint8Array, outputLength: number) => {
        const page = checked(input, outputLength);
        if (page.length !== outputLength) throw new Error("a page is longer or shorter than it says");
        const look = this.waiting.at(this.next++);
        if (look === undefined) throw new Error("there are more pages than expected");
        look(page);
        return page;
      },
    };
  }

  private walk(): void {
    const { bytes, chunk, leaf } = this;
    const total = Number(chunk.num_values);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let values = 0;
    let at = 0;
    // A list goes on to the end; what follows the last single value is of no interest.
    while (at < bytes.length - 1 && (values < total || leaf.maxRepetition > 0)) {
      const end = endOfStruct(bytes, at);
      const header = this.library.parquetHeader({ view, offset: at });
      const size = header.compressed_page_size;
      if (!(size >= 0 && size <= bytes.length - end)) throw new Error("a page lies outside its column");
      if (!(header.uncompressed_page_size >= 0 && header.uncompressed_page_size <= largestPage))
        throw new Error("a page is too large");
      const page = bytes.subarray(end, end + size);
      if (header.crc !== undefined && crc32(page) >>> 0 !== header.crc >>> 0)
        throw new Error("a page has a wrong checksum");
      values += this.page(header, page);
      at = end + size;
    }
    // Of lists, some writers do not count those that are empty or missing.
    if (leaf.maxRepetition === 0 && values !== total)
      throw new Error("a column has more or fewer values than it says");
  }

  /** Returns how many values it has, missing ones with them. */
  private page(header: PageHeader, page: Uint8Array): number {
    const { data_page_header: first, data_page_header_v2: second, dictionary_page_header: labels } = header;
    if (header.type === "DICTIONARY_PAGE" && labels !== undefined) {
      this.look(page, true, (bytes) => this.plain(bytes.length, count(labels.num_values)));
      return 0;
    }
    if (header.type === "DATA_PAGE" && first !== undefined) {
      const part = { encoding: first.encoding, values: count(first.num_values), version2: false, nulls: 0 };
      this.look(page, true, (bytes) => this.levelsAndValues(bytes, part));
      return part.values;
    }
    if (header.type === "DATA_PAGE_V2" && second !== undefined) {
      const { repetition_levels_byte_length: repetition, definition_levels_byte_length: definition } = second;
      const part = {
        encoding: second.encoding,
        values: count(second.num_values),
        version2: true,
        nulls: count(second.num_nulls),
      };
      const levels = count(repetition) + count(definition);
      if (levels > page.length || levels > header.uncompressed_page_size || part.nulls > part.values)
        throw new Error("a page is shorter than its levels");
      const { maxRepetition, maxDefinition } = this.leaf;
      if ((maxRepetition === 0 && repetition > 0) || (maxDefinition === 0 && definition > 0))
        throw new Error("a page has levels that nothing needs");
      if (maxRepetition > 0) checkRuns(page.subarray(0, repetition), 0, bitsOf(maxRepetition), part.values);
      let present = part.values;
      if (maxDefinition > 0) {
        const runs = page.subarray(repetition, levels);
        present = checkRuns(runs, 0, bitsOf(maxDefinition), part.values, maxDefinition);
      }
      if (present !== part.values - part.nulls) throw new Error("a page has other gaps than it says");
      this.look(page.subarray(levels), second.is_compressed !== false, (bytes) =>
        this.values(bytes, 0, present, part),
      );
      return part.values;
    }
    throw new Error("there is a page of a kind that does not belong here");
  }

  private look(page: Uint8Array, compressed: boolean, look: (page: Uint8Array) => void): void {
    if (compressed && this.chunk.codec !== "UNCOMPRESSED") this.waiting.push(look);
    else look(page);
  }

  /** Of a page of the first version: levels stand before the values, each with its length. */
  private levelsAndValues(bytes: Uint8Array, part: Part): void {
    const { maxRepetition, maxDefinition } = this.leaf;
    let at = 0;
    let present = part.values;
    const levels = (most: number): number => {
      const length = lengthAt(bytes, at);
      const runs = bytes.subarray(at + 4, at + 4 + length);
      if (runs.length < length) throw new Error("a page is shorter than its levels");
      at += 4 + length;
      return checkRuns(runs, 0, bitsOf(most), part.values, most);
    };
    if (maxRepetition > 0) levels(maxRepetition);
    if (maxDefinition > 0) present = levels(maxDefinition);
    this.values(bytes, at, present, part);
  }

  private values(bytes: Uint8Array, at: number, present: number, { encoding, version2 }: Part): void {
    const { type } = this.leaf;
    switch (encoding) {
      case "PLAIN":
        return this.plain(bytes.length - at, present);
      case "BYTE_STREAM_SPLIT":
        if (type === "BOOLEAN" || type === "BYTE_ARRAY") throw new Error("values cannot be split so");
        return this.plain(bytes.length - at, present);
      case "PLAIN_DICTIONARY":
      case "RLE_DICTIONARY":
      case "RLE":
        if (type === "BOOLEAN" || (version2 && encoding === "RLE")) {
          lengthAt(bytes, at);
          checkRuns(bytes, at + 4, 1, present);
        } else if (present > 0) {
          if (at >= bytes.length) throw new Error("a page ends before its values");
          checkRuns(bytes, at + 1, bytes[at], bytes[at] === 0 && !version2 ? 0 : present);
        }
        return;
      case "DELTA_BINARY_PACKED":
      case "DELTA_LENGTH_BYTE_ARRAY":
        checkDeltas(bytes, at, present);
        return;
      case "DELTA_BYTE_ARRAY":
        return this.deltaStrings(bytes, at, present);
      default:
    }
  }

  /** Whether so many values can lie in so many bytes. */
  private plain(length: number, values: number): void {
    const { type, typeLength } = this.leaf;
    const size = { BOOLEAN: 1 / 8, INT32: 4, INT64: 8, INT96: 12, FLOAT: 4, DOUBLE: 8, BYTE_ARRAY: 4 };
    const each = type === "FIXED_LEN_BYTE_ARRAY" ? typeLength : size[type];
    if (!(each > 0) || Math.ceil(values * each) > length)
      throw new Error("a page is shorter than its values");
  }

  /** Of strings that are told by how many letters of the last they begin with: none begins with more than it has. */
  private deltaStrings(bytes: Uint8Array, at: number, present: number): void {
    if (present === 0) return;
    const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: at };
    const unpack = (): Int32Array => {
      checkDeltas(bytes, reader.offset, present);
      const numbers = new Int32Array(present);
      this.library.deltaBinaryUnpack(reader, present, numbers);
      return numbers;
    };
    const [prefixes, suffixes] = [unpack(), unpack()];
    let last = 0;
    let all = 0;
    for (let index = 0; index < present; index++) {
      if (prefixes[index] < 0 || prefixes[index] > last || suffixes[index] < 0)
        throw new Error("a text begins with more than there is");
      last = prefixes[index] + suffixes[index];
      all += last;
    }
    if (all > largestPage) throw new Error("a page is too large");
  }
}

function bitsOf(value: number): number {
  return 32 - Math.clz32(value);
}

function count(value: number): number {
  if (!(value >= 0 && value <= mostValues)) throw new Error("a page has too many values");
  return value;
}

function lengthAt(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length) throw new Error("a page ends before its values");
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(at, true);
}

/** The head of numbers that are told by their differences: sizes of blocks, and how many numbers there are. */
function checkDeltas(bytes: Uint8Array, at: number, present: number): void {
  if (present === 0) return;
  const [block, parts, values] = [0, 0, 0].map(() => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      if (at >= bytes.length || shift > 2 ** 28) throw new Error("a page ends before its values");
      const byte = bytes[at++];
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  });
  if (values !== present || block < 1 || parts < 1 || block % parts !== 0 || parts > bytes.length)
    throw new Error("a page has other values than it says");
}
