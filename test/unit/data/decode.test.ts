import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeText } from "../../../src/data/readers/decode";
import { bytesOf, chunksOf, refuses } from "./support";

async function decoded(bytes: Uint8Array, size?: number): Promise<string> {
  let text = "";
  for await (const piece of decodeText(chunksOf(bytes, size), "data.csv")) text += piece;
  return text;
}

function utf16(text: string, littleEndian: boolean, mark = true): Uint8Array {
  const marked = mark ? `\ufeff${text}` : text;
  const bytes = new DataView(new ArrayBuffer(marked.length * 2));
  for (let at = 0; at < marked.length; at++) bytes.setUint16(at * 2, marked.charCodeAt(at), littleEndian);
  return new Uint8Array(bytes.buffer);
}

describe("decoding", () => {
  const text = fc
    .array(fc.constantFrom("a", "é", "€", "𝒳", "\n", ",", "日", "\ufeff"), { maxLength: 900 })
    .map((letters) => `x${letters.join("")}`);

  it("does not depend on where the bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 7 }), async (original, size) => {
        assert.equal(await decoded(bytesOf(original), size), original);
        assert.equal(await decoded(utf16(original, true), size), original);
        assert.equal(await decoded(utf16(original, false), size), original);
      }),
      { numRuns: 60 },
    );
  });

  it("does not depend on what becomes of a chunk's buffer", async () => {
    const bytes = bytesOf("é".repeat(2000));
    async function* reused(): AsyncGenerator<Uint8Array> {
      const buffer = new Uint8Array(601);
      for (let at = 0; at < bytes.length; at += buffer.length) {
        await Promise.resolve();
        const part = bytes.subarray(at, at + buffer.length);
        buffer.set(part);
        yield buffer.subarray(0, part.length);
        buffer.fill(0);
      }
    }
    let text = "";
    for await (const piece of decodeText(reused())) text += piece;
    assert.equal(text, "é".repeat(2000));
  });

  it("drops byte order marks and recognises UTF-16 without one", async () => {
    assert.equal(await decoded(bytesOf("\ufeffa,b\n")), "a,b\n");
    assert.equal(await decoded(utf16("a,b\n1,2\n", true, false)), "a,b\n1,2\n");
    assert.equal(await decoded(utf16("a,b\n1,2\n", false, false)), "a,b\n1,2\n");
    assert.equal(await decoded(new Uint8Array(0)), "");
  });

  it("says what a binary file is", async () => {
    const kinds: [number[], RegExp][] = [
      [[0x50, 0x4b, 3, 4, 20, 0], /data\.csv is not text but looks like a ZIP archive or an Excel workbook/],
      [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], /PNG image/],
      [[0x50, 0x41, 0x52, 0x31, 21], /Parquet file/],
      [[0x1f, 0x8b, 8, 0], /gzip/],
      [[0xff, 0xfe, 0, 0, 97, 0, 0, 0], /UTF-32/],
    ];
    for (const [bytes, message] of kinds) await refuses(() => decoded(Uint8Array.from(bytes), 3), message);
  });

  it("refuses NUL bytes with their line", async () => {
    await refuses(
      () => decoded(bytesOf("a,b\n1,2\n3,\u00004\n")),
      "data.csv is not text",
      "NUL byte in line 3",
    );
  });

  it("tells binary data from text in another encoding", async () => {
    await refuses(
      () => decoded(Uint8Array.of(97, 10, 0xd9, 0x03, 0x80, 10)),
      "data.csv is not text but binary data",
    );
  });

  it("recognises Latin-1 and says where", async () => {
    const bytes = bytesOf(`name,y\n${"Anna,1\n".repeat(1000)}Ren#,2\n`).map((byte) =>
      byte === 35 ? 0xe9 : byte,
    );
    for (const size of [1, 100, 100_000]) {
      await refuses(() => decoded(bytes, size), "line 1,002", "0xE9", "Latin-1", '"é"', "save it as UTF-8");
    }
  });

  it("refuses a file that ends within a character", async () => {
    await refuses(() => decoded(Uint8Array.of(97, 10, 0xe2, 0x82)), "line 2", "0xE2");
    await refuses(() => decoded(Uint8Array.of(0xff, 0xfe, 97)), "UTF-16");
  });

  it("decodes a beginning that stops within a character", async () => {
    const bytes = bytesOf("a,b\n1,€");
    let text = "";
    const chunks = chunksOf(bytes.subarray(0, bytes.length - 1));
    for await (const piece of decodeText(chunks, "data.csv", () => true)) text += piece;
    assert.equal(text, "a,b\n1,");
  });
});
