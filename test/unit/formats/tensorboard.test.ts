import assert from "node:assert/strict";
import fc from "fast-check";
import { crc32c } from "../../../src/formats/crc32c";
import { decodeEvents, encodeFileVersion, encodeScalars } from "../../../src/formats/tensorboard";
import type { ScalarEvent } from "../../../src/formats/tensorboard";

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));

describe("CRC-32C", () => {
  it("meets the vectors of RFC 3720, appendix B.4", () => {
    assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
    assert.equal(crc32c(new Uint8Array(32).fill(0xff)), 0x62a8ab43);
    assert.equal(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e);
    assert.equal(crc32c(Uint8Array.from({ length: 32 }, (_, i) => 31 - i)), 0x113fdb5c);
    assert.equal(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
  });
});

describe("TensorBoard event files", () => {
  const event: ScalarEvent = { wallTime: 1.5, step: 300, scalars: [["loss/training", 0.25]] };

  it("begin with the bytes with which every event file begins", () => {
    const record = encodeFileVersion(1.5);
    // The length 24, its masked checksum, then the field 1 as a double: known from any file TensorFlow wrote.
    assert.deepEqual(record.slice(0, 13), bytesOf("18 00 00 00 00 00 00 00 a3 7f 4b 22 09"));
    assert.equal(Buffer.from(record).toString("latin1", 21, 36), "\x1a\x0dbrain.Event:2");
  });

  it("hold a scalar as the protocol buffer says, byte for byte", () => {
    const payload = encodeScalars(event).slice(12, -4);
    const tag = Buffer.from("loss/training").toString("hex");
    assert.equal(
      Buffer.from(payload).toString("hex"),
      "09" + "000000000000f83f" + "10ac02" + "2a16" + "0a14" + "0a0d" + tag + "150000803e",
    );
  });

  it("give back what was written, whatever the numbers", () => {
    const number = fc.oneof(fc.float(), fc.constantFrom(NaN, Infinity, -Infinity));
    const scalar = fc.tuple(fc.string({ unit: "grapheme" }), number);
    const anyEvent = fc.record(
      {
        wallTime: fc.double({ noNaN: true }),
        step: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
        scalars: fc.array(scalar, { minLength: 1, maxLength: 5 }),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 5 }), (events) => {
        const bytes = Buffer.concat([encodeFileVersion(0), ...events.map(encodeScalars)]);
        assert.deepEqual(decodeEvents(bytes), { events, intactBytes: bytes.length, torn: false });
      }),
    );
  });

  it("recognise a last record torn at any byte", () => {
    const first = Buffer.concat([encodeFileVersion(0), encodeScalars(event)]);
    const whole = Buffer.concat([first, encodeScalars({ ...event, step: 301 })]);
    for (let length = first.length + 1; length < whole.length; length++) {
      const read = decodeEvents(whole.subarray(0, length));
      assert.deepEqual(read, { events: [event], intactBytes: first.length, torn: true });
    }
  });

  it("recognise any flipped bit of the last record", () => {
    const first = encodeScalars(event);
    const whole = Buffer.concat([first, encodeScalars({ ...event, step: 301 })]);
    for (let bit = first.length * 8; bit < whole.length * 8; bit++) {
      const damaged = Buffer.from(whole);
      damaged[bit >> 3] ^= 1 << (bit & 7);
      assert.deepEqual(decodeEvents(damaged), { events: [event], intactBytes: first.length, torn: true });
    }
  });

  it("are read for what they are when the bytes are anything else", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        assert.deepEqual(decodeEvents(bytes).events, []);
      }),
    );
  });
});
